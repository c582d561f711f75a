package form

import (
	"slices"

	"go.yaml.in/yaml/v4"

	"docket/internal/lang"
)

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

// condition reads required_when: which answers to other fields make this one required.
func (r *reader) condition(e entries, f Field) map[string]string {
	at, ok := e.of["required_when"]
	if !ok || !r.is(at.value, yaml.MappingNode, `"required_when"`) {
		return nil
	}
	if f.Required {
		r.say(at.key, `a field that is "required: true" needs no "required_when"; delete one of the two`)
	}
	when := map[string]string{}
	for i := 0; i+1 < len(at.value.Content); i += 2 {
		name, value := at.value.Content[i], at.value.Content[i+1]
		if !r.is(name, yaml.ScalarNode, "a field name") || !r.is(value, yaml.ScalarNode, "the answer of a condition") {
			continue
		}
		if _, twice := when[name.Value]; twice {
			r.say(name, "%q stands here a second time; keep one of them", name.Value)
		}
		when[name.Value] = value.Value
		r.later = append(r.later, func(whole *Form) { r.possible(whole, f, name, value) })
	}
	return when
}

// possible says so when a condition can never hold.
func (r *reader) possible(whole *Form, f Field, name, value *yaml.Node) {
	if !r.exists(name) {
		return
	}
	other, _ := whole.Field(name.Value)
	switch other.Type {
	case Choice:
		values := make([]string, len(other.Options))
		for i, option := range other.Options {
			values[i] = option.Value
		}
		if !slices.Contains(values, value.Value) {
			r.say(value, "%q is no option of %q%s", value.Value, other.Name, suggest(value.Value, values))
		}
	case Checkbox:
		if value.Value != ticked && value.Value != unticked {
			r.say(value, "the checkbox %q is either true or false, not %q", other.Name, value.Value)
		}
	case Country:
		if _, ok := country(value.Value, lang.Source); !ok {
			r.say(value, "%q is no country; use the three capital letters of ISO 3166-1, such as DEU or VNM", value.Value)
		}
	default:
		r.say(name, `"required_when" can look at a choice, a country or a checkbox, but %q is of type %s`, other.Name, other.Type)
	}
	if other.Name == f.Name {
		r.say(name, "a field cannot depend on its own answer; name another field")
	}
}
