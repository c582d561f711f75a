package form

import (
	"slices"
	"strings"

	"docket/internal/ticket"
)

// Rejection is what somebody who rejects a ticket has picked and written.
type Rejection struct {
	Reasons []string // codes, in the order in which the user reads their texts
	Class   Class    // Retry or Final, where a reason leaves the choice; empty: as the reasons say, and Retry where they do not
	Comment string   // what the user reads; empty: the texts of the reasons
}

// Reject is the decision to reject as r says. When it cannot be one, the error is Invalid at reason, class or comment.
func (f *Form) Reject(r Rejection, by, note string) (ticket.Decision, error) {
	wrong := Invalid{}
	picked, problem := f.picked(r.Reasons)
	if problem.Code != "" {
		wrong["reason"] = problem
		return ticket.Decision{}, wrong
	}
	class, problem := classOf(picked, r.Class)
	if problem.Code != "" {
		wrong["class"] = problem
	}
	if r.Comment == "" {
		r.Comment = f.Letter(r.Reasons)
	}
	if r.Comment == "" {
		wrong["comment"] = Problem{Code: CodeRequired, Message: "Write what the user will read: a reason that you picked has no text of its own."}
	}
	if len(wrong) > 0 {
		return ticket.Decision{}, wrong
	}
	d := ticket.Reject(by, picked[0].Code, r.Comment, note)
	d.Reasons, d.Class = r.Reasons, class
	return d, nil
}

// picked finds the reasons with these codes.
func (f *Form) picked(codes []string) ([]Reason, Problem) {
	if len(codes) == 0 {
		return nil, Problem{Code: CodeRequired, Message: "Choose a reason."}
	}
	reasons := make([]Reason, len(codes))
	for i, code := range codes {
		reason, known := f.Reason(code)
		switch {
		case !known:
			return nil, Problem{Code: CodeNotAnOption, Message: "Choose among the reasons of the form."}
		case slices.Contains(codes[:i], code):
			return nil, Problem{Code: CodeGivenTwice, Message: "Choose each reason once."}
		}
		reasons[i] = reason
	}
	return reasons, Problem{}
}

// classOf is whether the user may submit again: not when one reason is final, as was chosen where a reason leaves the
// choice, and otherwise they may. A choice that the reasons do not leave is refused rather than dropped.
func classOf(reasons []Reason, chosen Class) (Class, Problem) {
	class := Retry
	for _, reason := range reasons {
		if reason.Class == Final || reason.Class == Choose && chosen == Final {
			class = Final
		}
	}
	switch {
	case chosen != "" && chosen != Retry && chosen != Final:
		return "", Problem{Code: CodeNotAnOption, Message: "Choose retry or final."}
	case chosen != "" && chosen != class:
		return "", Problem{Code: CodeNotAnOption, Message: "The reasons that you picked say already whether the user may try again."}
	}
	return class, Problem{}
}

// Letter is what the user reads for these reasons unless something else is written; empty when one has no text.
func (f *Form) Letter(codes []string) string {
	texts := make([]string, len(codes))
	for i, code := range codes {
		reason, _ := f.Reason(code)
		if texts[i] = reason.Text; texts[i] == "" {
			return ""
		}
	}
	return strings.Join(texts, "\n\n")
}

// ClassOf is whether a user may submit again after a rejection: as was decided, or what the reasons say of one from
// before that was kept.
func (f *Form) ClassOf(d ticket.Decision) Class {
	if d.Class != "" {
		return d.Class
	}
	for _, code := range d.Reasons {
		if reason, _ := f.Reason(code); reason.Class == Final {
			return Final
		}
	}
	return Retry
}
