package formfile

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"docket/internal/form"
	"docket/internal/form/address"
	"docket/internal/form/day"
	"docket/internal/form/money"
	"docket/internal/i18n"
	"docket/internal/spelling"
	"docket/internal/ticket"
)

// readExamples reads the list of examples.
func (r *reader) readExamples(m mapping) []*form.Example {
	var examples []*form.Example
	for i, n := range r.readList(m, "examples") {
		x, ok := r.readObject(n, "example")
		if !ok {
			continue
		}
		example := &form.Example{
			Name: r.readText(x, "name"), Line: n.Line, Reason: r.readText(x, "reason"), Facts: form.Facts{History: r.readHistory(x), Windows: r.readWindows(x), SamePerson: r.readSamePerson(x)},
			Expect: form.Outcome(r.readWord(x, "expect", string(form.Nothing), string(form.Approve), string(form.Reject), string(form.Nothing), string(form.Refused))),
		}
		if example.Name == "" {
			example.Name = fmt.Sprintf("example %d", i+1)
		}
		if _, given := x.entries["expect"]; !given {
			r.addMistake(n, `an example needs "expect": approve, reject, nothing or refused`)
		}
		if _, given := x.entries["steps"]; given {
			example.Steps = r.readExampleSteps(x)
		}
		examples = append(examples, example)
		r.deferCheck(func(f *form.Form) { r.readFacts(f, x, example) })
	}
	return examples
}

// readExampleSteps reads the names of the steps in which an example is approved; none but not nil for an empty list.
func (r *reader) readExampleSteps(x mapping) []string {
	names := []string{}
	for _, n := range r.readList(x, "steps") {
		if !r.checkKind(n, yaml.ScalarNode, "a step") {
			continue
		}
		names = append(names, n.Value)
		r.deferCheck(func(f *form.Form) {
			if known := stepNames(f); !slices.Contains(known, n.Value) {
				r.addMistake(n, "no step is named %q%s", n.Value, spelling.Suggestion(n.Value, known))
			}
		})
	}
	return names
}

func stepNames(f *form.Form) (names []string) {
	for _, step := range f.Steps {
		names = append(names, step.Name)
	}
	return names
}

// readFacts reads the day and the answers of an example, which are checked as those of a ticket.
func (r *reader) readFacts(f *form.Form, x mapping, example *form.Example) {
	date, ok := day.Parse(r.readRequired(x, "today"))
	if at, given := x.entries["today"]; given && !ok {
		r.addMistake(at.value, `"today" must be a date such as 2026-03-04`)
	}
	example.Facts.Now = time.Date(date.Year(), date.Month(), date.Day(), 12, 0, 0, 0, f.Zone)
	if reason, given := x.entries["reason"]; given {
		if _, known := f.Reason(example.Reason); !known {
			r.addMistake(reason.value, "no reason has the code %q%s", example.Reason, spelling.Suggestion(example.Reason, reasonCodes(f)))
		}
	}
	at, ok := x.entries["answers"]
	if !ok || !r.checkKind(at.value, yaml.MappingNode, `"answers"`) {
		return
	}
	example.Facts.Answers = r.readAnswers(f, at.value, date)
}

// readAnswers reads the answers of an example, or those of one row of a group.
func (r *reader) readAnswers(f *form.Form, n *yaml.Node, date time.Time) (answers form.Answers) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if answer, ok := r.readAnswer(f, n.Content[i], n.Content[i+1], date); ok {
			answers = append(answers, answer)
		}
	}
	return answers
}

// readAnswer reads one answer of an example; false when it is empty or a mistake.
func (r *reader) readAnswer(f *form.Form, name, value *yaml.Node, date time.Time) (form.Answer, bool) {
	field, known := f.Field(name.Value)
	if !known || field.Cell.Group != "" {
		r.addMistake(name, "no field is named %q%s", name.Value, spelling.Suggestion(name.Value, f.Names()))
		return form.Answer{}, false
	}
	if field.Rows != nil {
		return r.readRowAnswers(field, value, date)
	}
	nodes := []*yaml.Node{value}
	if field.Type.Several() && value.Kind == yaml.SequenceNode {
		nodes = value.Content
	}
	var given []string
	for _, n := range nodes {
		text, ok := r.readAnswerText(field, n)
		if !ok {
			return form.Answer{}, false
		}
		given = append(given, text)
	}
	field.OptionList = nil // its file may change, and the form is still right
	texts, problem := field.Check(given, date)
	if problem.Code != "" {
		r.addMistake(value, "this is no answer to %q: %s", name.Value, problem.In(i18n.Of(i18n.Source)).Message)
	}
	return form.Answer{Name: name.Value, Texts: texts, Type: field.Type}, len(texts) > 0
}

// readAnswerText reads an answer as it is typed; an address, and an amount that is given like that, as in JSON.
func (r *reader) readAnswerText(field form.Field, n *yaml.Node) (text string, ok bool) {
	decode, like := address.DecodeJSON, "{line1: 1 Main Street, city: Hanoi, country: VNM}"
	switch {
	case n.Kind != yaml.MappingNode || field.Type != form.PostalAddress && field.Type != form.Money:
		return n.Value, r.checkKind(n, yaml.ScalarNode, "an answer")
	case field.Type == form.Money:
		decode, like = money.DecodeJSON, "{amount: 1250, currency: EUR}"
	}
	var object map[string]any
	if n.Decode(&object) == nil {
		value, _ := json.Marshal(object) // Nothing of what JSON has not, such as .nan; that is no answer.
		if text, ok = decode(value); ok {
			return text, true
		}
	}
	r.addMistake(n, "this is no answer to %q: write it as in JSON, such as %s", field.Name, like)
	return "", false
}

// readHistory reads how many earlier tickets an example has.
func (r *reader) readHistory(x mapping) form.History {
	at, ok := x.entries["history"]
	if !ok {
		return form.History{}
	}
	m, _ := r.readObject(at.value, "history")
	return form.History{
		Processing: r.readInt(m, "processing", 0, 1_000_000, 0), Approved: r.readInt(m, "approved", 0, 1_000_000, 0),
		Rejected: r.readInt(m, "rejected", 0, 1_000_000, 0), Withdrawn: r.readInt(m, "withdrawn", 0, 1_000_000, 0),
		Revoked: r.readInt(m, "revoked", 0, 1_000_000, 0),
	}
}

// readSamePerson reads how many other users an example has an identity in common with.
func (r *reader) readSamePerson(x mapping) int {
	at, ok := x.entries["duplicates"]
	if !ok {
		return 0
	}
	m, _ := r.readObject(at.value, "duplicates")
	return r.readInt(m, "identity", 0, 1_000_000, 0)
}

// readWindows reads what is counted and added up of the earlier tickets of an example, by the name of the fact.
func (r *reader) readWindows(x mapping) map[string]float64 {
	at, ok := x.entries["history"]
	if !ok {
		return nil
	}
	m, _ := r.readObject(at.value, "history")
	found := map[string]float64{}
	for key, prefix := range map[string]string{"count": form.HistoryCount, "sum": form.HistorySum} {
		counted, ok := m.entries[key]
		if !ok || !r.checkKind(counted.value, yaml.MappingNode, strconv.Quote(key)) {
			continue
		}
		for i := 0; i+1 < len(counted.value.Content); i += 2 {
			name, value := counted.value.Content[i], counted.value.Content[i+1]
			of, length, _ := strings.Cut(name.Value, " ")
			number, err := strconv.ParseFloat(value.Value, 64)
			if _, isTime := ticket.ParseLength(length); !isTime || err != nil {
				r.addMistake(name, `this must be what is counted, a time and a number, such as "rejected 90d": 2`)
				continue
			}
			found[prefix+of+"_"+length] = number
		}
	}
	return found
}
