package formfile

import (
	"strconv"

	"go.yaml.in/yaml/v4"

	"docket/internal/form"
	"docket/internal/plaintext"
)

// maxOptions is the most options that one field may have.
const maxOptions = 500

// readOptions reads the options of a field whose type takes them.
func (r *reader) readOptions(m mapping, t form.Type) []form.Option {
	if !t.Takes("options") {
		return nil
	}
	var options []form.Option
	seen := map[string]int{}
	for _, n := range r.readList(m, "options") {
		option, ok := r.readOption(n, seen)
		if ok {
			options = append(options, option)
		}
	}
	switch at, given := m.entries["options"]; {
	case !given && m.entries["options_from"].key != nil:
	case !given:
		r.addMistake(m.node, `a choice needs "options"; add a list of "value" and "label"`)
	case at.value.Kind == yaml.SequenceNode && len(at.value.Content) == 0:
		r.addMistake(at.value, `"options" is empty; add at least one "value" and "label"`)
	case len(options) > maxOptions:
		r.addMistake(at.value, "%d options are too many; a choice has at most %d", len(options), maxOptions)
	}
	return options
}

// checkLeast checks that there are as many options as must be chosen.
func (r *reader) checkLeast(m mapping, field form.Field) {
	least, err := strconv.Atoi(field.Min)
	if count := len(field.Options); err == nil && field.Type.Several() && count > 0 && least > count {
		r.addMistake(m.entries["min"].value, `"min" %d is more than the number of options, %d`, least, count)
	}
}

// readOption reads one option; seen keeps on which line each value stands.
func (r *reader) readOption(n *yaml.Node, seen map[string]int) (form.Option, bool) {
	m, ok := r.readObject(n, "option")
	if !ok {
		return form.Option{}, false
	}
	m = r.translate(m, "label")
	option := form.Option{Value: r.readRequired(m, "value"), Label: r.readRequired(m, "label")}
	if option.Value == "" {
		return option, true
	}
	at := m.entries["value"].value
	if first, twice := seen[option.Value]; twice {
		r.addMistake(at, "the option %q stands here a second time (the first is on line %d); keep one of them", option.Value, first)
	}
	if text, fault := plaintext.Clean(option.Value, false); fault.Key != "" || text != option.Value || len(text) > 100 {
		r.addMistake(at, "%q cannot be the value of an option: use a short text of ordinary characters, 100 bytes at most", option.Value)
	}
	seen[option.Value] = at.Line
	return option, true
}
