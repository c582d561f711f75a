package views

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"docket/internal/form"
	"docket/internal/photo"
	"docket/internal/ticket"
)

// AnswerPrefix stands before the name of a field in the address of a list.
const AnswerPrefix = "f."

// Where is what narrows a list beside its range of time and its user, as typed.
type Where struct {
	Reason  string // a code
	Decider string // "me", an e-mail address, or an actor such as rule:NAME
	Attempt string // at least
	Signal  string
	Waiting string            // at least, such as 8h or 2d
	Held    string            // "me" or an e-mail address
	Answers map[string]string // of choices, by field
}

// count is how much is named.
func (w Where) count() int { return len(w.query()) }

func (w Where) query() url.Values {
	q := queryOf(map[string]string{
		"reason": w.Reason, "decider": w.Decider, "attempt": w.Attempt, "signal": w.Signal, "waiting": w.Waiting, "held": w.Held,
	})
	for name, value := range w.Answers {
		q.Set(AnswerPrefix+name, value)
	}
	return q
}

// String is the same for two that name the same.
func (w Where) String() string { return w.query().Encode() }

// forStatus leaves out what no ticket of a status has.
func (w Where) forStatus(s ticket.Status) Where {
	if s.Open() {
		w.Reason, w.Decider = "", ""
	} else {
		w.Waiting, w.Held = "", ""
	}
	if s != ticket.Rejected {
		w.Reason = ""
	}
	return w
}

// ChoiceFields are the fields by whose answers a list can be narrowed.
func ChoiceFields(f *form.Form) (fields []form.Field) {
	for field := range f.Fields() {
		if field.Type == form.Choice && field.OptionsFrom == "" || field.Type == form.MultiChoice {
			fields = append(fields, field)
		}
	}
	return fields
}

// reasonOptions are the reasons of the form.
func reasonOptions(f *form.Form) (options []form.Option) {
	for _, reason := range f.Reasons {
		options = append(options, form.Option{Value: reason.Code, Label: reason.Label})
	}
	return options
}

func attemptOptions(f *form.Form) (options []form.Option) {
	for n := 2; n <= max(f.Attempts, 2); n++ {
		options = append(options, form.Option{Value: strconv.Itoa(n), Label: strconv.Itoa(n)})
	}
	return options
}

// signalOptions are the warnings of pictures, in words.
func signalOptions(site Site) (options []form.Option) {
	for _, warning := range photo.Warnings {
		options = append(options, form.Option{Value: string(warning), Label: site.T("queue.signal." + string(warning))})
	}
	return options
}

// waitingOptions are some lengths of time, and the one that was typed.
func waitingOptions(site Site, typed string) (options []form.Option) {
	times := []string{"4h", "8h", "1d", "2d", "3d", "7d"}
	if typed != "" && !slices.Contains(times, typed) {
		times = append(times, typed)
	}
	for _, text := range times {
		n, _ := strconv.Atoi(text[:len(text)-1]) // else it was refused
		key := "span.hours"
		if text[len(text)-1] == 'd' {
			key = "span.days"
		}
		options = append(options, form.Option{Value: text, Label: site.T(key, "Count", n)})
	}
	return options
}

// deciderOptions are what may be typed for who decided: oneself, and the rules of the form.
func deciderOptions(f *form.Form) []string {
	names := []string{"me"}
	for _, rule := range f.Rules {
		names = append(names, ticket.Rule(rule.Name))
	}
	return names
}

// hasWhere reports whether the filters of a status have an input for this parameter.
func hasWhere(s ticket.Status, name string) bool {
	switch name {
	case "waiting", "held":
		return s.Open()
	case "decider":
		return Filter{Status: s}.decided()
	case "reason":
		return s == ticket.Rejected
	}
	return name == "attempt" || name == "signal" || strings.HasPrefix(name, AnswerPrefix)
}
