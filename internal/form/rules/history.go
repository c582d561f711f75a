package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"

	"docket/internal/form"
	"docket/internal/spelling"
	"docket/internal/ticket"
)

// historyCall finds texts, which are left as they are, and calls of history.count and history.sum. What they count must be written out, so
// that it is known before a rule is evaluated. The time may stand there without quotes.
var historyCall = sync.OnceValue(func() *regexp.Regexp {
	const quoted = `'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"`
	return regexp.MustCompile(quoted + `|\bhistory\s*\.\s*(count|sum)\s*\((?:\s*['"]([a-z][a-z0-9_]*)['"]\s*,\s*['"]?([0-9]+[a-z]+)['"]?\s*\))?`)
})

// replaceHistory replaces calls of history.count and history.sum by the names of their facts, which the language of the rule then has. The text
// stays as long as it is, so that places in it are those in the form file.
func (e *compilation) replaceHistory() error {
	var text strings.Builder
	done := 0
	for _, at := range historyCall().FindAllStringSubmatchIndex(e.text, -1) {
		if at[2] < 0 { // a text
			continue
		}
		call := e.text[at[0]:at[1]]
		offset := len([]rune(e.text[:at[0]]))
		if at[4] < 0 {
			e.addMistake(offset, `this takes two texts, written out: history.count('rejected', 90d) or history.sum('amount', 30d)`)
			continue
		}
		what, of, length := e.text[at[2]:at[3]], e.text[at[4]:at[5]], e.text[at[6]:at[7]]
		if wrong := e.historyProblem(what, of, length); wrong != "" {
			e.addMistake(offset, "%s", wrong)
		}
		name := form.HistoryFacts + what + "_" + of + "_" + length
		if !slices.Contains(e.windows, name) {
			e.windows = append(e.windows, name)
		}
		text.WriteString(e.text[done:at[0]] + name + strings.Repeat(" ", len(call)-len(name)))
		done = at[1]
	}
	e.text = text.String() + e.text[done:]
	return e.extendByWindows()
}

// historyProblem says what is wrong with a call; empty when nothing is.
func (e *compilation) historyProblem(what, of, length string) string {
	if _, ok := ticket.ParseLength(length); !ok {
		return fmt.Sprintf("%q is no time; write hours (h), days (d) or weeks (w), such as '90d'", length)
	}
	if what == "count" {
		known := []string{ticket.SubmittedStatus}
		for _, status := range ticket.Statuses {
			known = append(known, string(status))
		}
		if !slices.Contains(known, of) {
			return fmt.Sprintf("tickets are not %q%s", of, spelling.Suggestion(of, known))
		}
		return ""
	}
	if field, ok := e.form.Field(of); !ok || field.Type.Kind() != form.KindNumber {
		return fmt.Sprintf("history.sum adds up the answers to a field that is a number, and %q is none", of)
	}
	return ""
}

// extendByWindows makes the language of the rule know what it counts and adds up.
func (e *compilation) extendByWindows() error {
	if len(e.windows) == 0 {
		return nil
	}
	var options []cel.EnvOption
	for _, name := range e.windows {
		kind := cel.IntType
		if strings.HasPrefix(name, form.HistorySum) {
			kind = cel.DoubleType
		}
		options = append(options, cel.Variable(name, kind))
	}
	language, err := e.env.Extend(options...)
	if err == nil {
		e.env = language
	}
	return err
}
