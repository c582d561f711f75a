package form

import "go.yaml.in/yaml/v4"

// maxOptions is the most options that one choice may have.
const maxOptions = 500

// options reads the options of a choice.
func (r *reader) options(e entries, t Type) []Option {
	if t != Choice {
		return nil
	}
	var options []Option
	seen := map[string]int{}
	for _, n := range r.list(e, "options") {
		option, ok := r.option(n, seen)
		if ok {
			options = append(options, option)
		}
	}
	switch at, said := e.of["options"]; {
	case !said:
		r.say(e.node, `a choice needs "options"; add a list of "value" and "label"`)
	case at.value.Kind == yaml.SequenceNode && len(at.value.Content) == 0:
		r.say(at.value, `"options" is empty; add at least one "value" and "label"`)
	case len(options) > maxOptions:
		r.say(at.value, "%d options are too many; a choice has at most %d", len(options), maxOptions)
	}
	return options
}

// option reads one option; seen keeps on which line each value stands.
func (r *reader) option(n *yaml.Node, seen map[string]int) (Option, bool) {
	e, ok := r.entries(n, "an option", "value", "label")
	if !ok {
		return Option{}, false
	}
	e = r.translated(e, "label")
	o := Option{Value: r.need(e, "value"), Label: r.need(e, "label")}
	if o.Value == "" {
		return o, true
	}
	at := e.of["value"].value
	if first, twice := seen[o.Value]; twice {
		r.say(at, "the option %q stands here a second time (the first is on line %d); keep one of them", o.Value, first)
	}
	if text, problem := clean(o.Value, false); problem.Code != "" || text != o.Value || len(text) > 100 {
		r.say(at, "%q cannot be the value of an option: use a short text of ordinary characters, 100 bytes at most", o.Value)
	}
	seen[o.Value] = at.Line
	return o, true
}
