package listing

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"docket/internal/form"
	"docket/internal/i18n"
	"docket/internal/photo"
	"docket/internal/ticket"
	"docket/views"
)

// answerPrefix stands before the name of a field in an address.
const answerPrefix = views.AnswerPrefix

// whereParameters are the parameters of an address that narrow a list of tickets of this form.
func whereParameters(f *form.Form) []string {
	names := []string{"reason", "decider", "attempt", "signal", "waiting", "held"}
	for _, field := range views.ChoiceFields(f) {
		names = append(names, answerPrefix+field.Name)
	}
	return names
}

// parseWhere reads what narrows a list out of an address, but for people: who decided and who holds a ticket.
func (l *Lists) parseWhere(given url.Values, words *i18n.Words, wrong Problems) (ticket.Where, views.Where) {
	typed := views.Where{
		Reason: given.Get("reason"), Decider: given.Get("decider"), Attempt: given.Get("attempt"), Signal: given.Get("signal"),
		Waiting: given.Get("waiting"), Held: given.Get("held"), Answers: map[string]string{},
	}
	w := ticket.Where{Reason: typed.Reason, Signal: typed.Signal}
	refuse := func(name string) { wrong[name] = Problem{form.CodeNotAnOption, words.T("filter.no_option")} }
	if _, known := l.Form.Reason(typed.Reason); typed.Reason != "" && !known {
		refuse("reason")
	}
	if typed.Signal != "" && !slices.Contains(photo.Warnings, photo.Warning(typed.Signal)) {
		refuse("signal")
	}
	if n, err := strconv.Atoi(typed.Attempt); typed.Attempt != "" {
		if w.Attempt = n; err != nil || strconv.Itoa(n) != typed.Attempt || n < 1 || n > ticket.Attempts {
			refuse("attempt")
		}
	}
	if _, ok := parseWaiting(typed.Waiting); typed.Waiting != "" && !ok {
		refuse("waiting")
	}
	answers := map[string]any{}
	for _, field := range views.ChoiceFields(l.Form) {
		value := given.Get(answerPrefix + field.Name)
		if value == "" {
			continue
		}
		typed.Answers[field.Name] = value
		if answers[field.Name] = value; field.Type.Several() {
			answers[field.Name] = []string{value}
		}
		if !slices.ContainsFunc(field.Options, func(o form.Option) bool { return o.Value == value }) {
			refuse(answerPrefix + field.Name)
		}
	}
	if len(answers) > 0 {
		text, _ := json.Marshal(answers) // texts alone
		w.Answers = string(text)
	}
	return w, typed
}

var waitingTime = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([1-9][0-9]{0,2})([hd])$`) })

// parseWaiting reads how long tickets have waited at least, such as 8h or 2d.
func parseWaiting(text string) (time.Duration, bool) {
	parts := waitingTime().FindStringSubmatch(strings.TrimSpace(text))
	if parts == nil {
		return 0, false
	}
	n, _ := strconv.Atoi(parts[1]) // three digits
	unit := time.Hour
	if parts[2] == "d" {
		unit = day
	}
	return time.Duration(n) * unit, true
}
