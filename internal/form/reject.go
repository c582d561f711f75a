package form

import (
	"slices"
	"strings"

	"docket/internal/i18n"
	"docket/internal/ticket"
)

// Rejection is what was chosen and written to reject a ticket.
type Rejection struct {
	Reasons []string // codes, in the order in which the user reads their texts
	Rows    []string // the rows of groups that it is for, such as "owners.1"; none: all at which a reason points
	Extra   []byte   // of the ticket, when there are Rows
	Class   Class    // Retry or Final, where a reason leaves the choice; empty: as the reasons say, and Retry where they do not
	Comment string   // what the user reads; empty: the texts of the reasons
	Locale  string   // the language of problems; empty: English
}

// Reject is the decision to reject as r says. When it cannot be one, the error is Invalid at reason, rows, class or comment.
func (f *Form) Reject(r Rejection, by, note string) (ticket.Decision, error) {
	wrong := Invalid{}
	chosen, problem := f.reasonsOf(r.Reasons)
	if problem.Code != "" {
		wrong["reason"] = problem
		return ticket.Decision{}, wrong.in(i18n.Of(r.Locale))
	}
	class, problem := classOfReasons(chosen, r.Class)
	if problem.Code != "" {
		wrong["class"] = problem
	}
	if problem := f.checkRejectedRows(chosen, r); problem.Code != "" {
		wrong["rows"] = problem
	}
	if r.Comment == "" {
		r.Comment = f.RejectionText(r.Reasons)
	}
	if r.Comment == "" {
		wrong["comment"] = newProblem(CodeRequired, "reject.write_comment")
	}
	if len(wrong) > 0 {
		return ticket.Decision{}, wrong.in(i18n.Of(r.Locale))
	}
	d := ticket.Reject(by, chosen[0].Code, r.Comment, note)
	d.Reasons, d.Rows, d.Class = r.Reasons, r.Rows, class
	return d, nil
}

// checkRejectedRows checks the rows that a rejection is for: each is a row of the ticket, and in a group at which a reason points.
func (f *Form) checkRejectedRows(reasons []Reason, r Rejection) Problem {
	pointed, sent := f.GroupsOf(reasons...), Input{}
	if len(r.Rows) > 0 {
		sent = f.InputFromAnswers(r.Extra)
	}
	for i, row := range r.Rows {
		group, slot, _ := strings.Cut(row, ".")
		switch {
		case !slices.Contains(sent[group], slot):
			return newProblem(CodeNotAnOption, "reject.unknown_row")
		case slices.Contains(r.Rows[:i], row):
			return newProblem(CodeGivenTwice, "reject.row_twice")
		case !slices.Contains(pointed, group):
			return newProblem(CodeNotApplicable, "reject.other_row")
		}
	}
	return Problem{}
}

// GroupsOf are the names of the groups at which some of these reasons point, or at a field in their rows.
func (f *Form) GroupsOf(reasons ...Reason) (groups []string) {
	for _, reason := range reasons {
		for _, name := range reason.Fields {
			group, _, _ := strings.Cut(name, ".")
			if field, _ := f.ownField(group); field.Rows != nil && !slices.Contains(groups, group) {
				groups = append(groups, group)
			}
		}
	}
	return groups
}

// Revoke is the revocation of an approval for one reason, by an actor. Its class is that of the reason, and the user reads the text
// of the reason, which may be empty. When it cannot be one, the error is Invalid at reason.
func (f *Form) Revoke(r Rejection, by, note string) (ticket.Revocation, error) {
	chosen, problem := f.reasonsOf(r.Reasons)
	if problem.Code == "" && len(chosen) > 1 {
		problem = newProblem(CodeGivenTwice, "reject.one_reason")
	}
	if problem.Code != "" {
		return ticket.Revocation{}, Invalid{"reason": problem}.in(i18n.Of(r.Locale))
	}
	class, _ := classOfReasons(chosen, "") // nothing is chosen that could be refused
	return ticket.Revocation{By: by, Reason: chosen[0].Code, Class: class, Comment: chosen[0].Text, Note: note}, nil
}

// reasonsOf finds the reasons with these codes.
func (f *Form) reasonsOf(codes []string) ([]Reason, Problem) {
	if len(codes) == 0 {
		return nil, newProblem(CodeRequired, "reject.choose_reason")
	}
	reasons := make([]Reason, len(codes))
	for i, code := range codes {
		reason, known := f.Reason(code)
		switch {
		case !known:
			return nil, newProblem(CodeNotAnOption, "reject.unknown_reason")
		case slices.Contains(codes[:i], code):
			return nil, newProblem(CodeGivenTwice, "reject.reason_twice")
		}
		reasons[i] = reason
	}
	return reasons, Problem{}
}

// classOfReasons is whether the user may submit again: not when one reason is final, as was chosen where a reason leaves
// the choice, and otherwise they may. A choice that the reasons do not leave is refused rather than ignored.
func classOfReasons(reasons []Reason, chosen Class) (Class, Problem) {
	class := Retry
	for _, reason := range reasons {
		if reason.Class == Final || reason.Class == Choose && chosen == Final {
			class = Final
		}
	}
	switch {
	case chosen != "" && chosen != Retry && chosen != Final:
		return "", newProblem(CodeNotAnOption, "reject.unknown_class")
	case chosen != "" && chosen != class:
		return "", newProblem(CodeNotAnOption, "reject.class_decided")
	}
	return class, Problem{}
}
