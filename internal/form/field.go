package form

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"
)

// sections reads the sections, or the fields of a form that has no sections.
func (r *reader) sections(e entries) []Section {
	_, parted := e.of["sections"]
	flat, loose := e.of["fields"]
	if parted && loose {
		r.say(flat.key, `"sections" and "fields" exclude each other; move these fields into a section`)
	}
	var sections []Section
	for _, n := range r.list(e, "sections") {
		if s, ok := r.entries(n, "a section", "title", "help", "when", "when_help", "fields"); ok {
			s = r.translated(s, "title", "help", "when_help")
			sections = append(sections, Section{
				Title: r.text(s, "title"), Help: r.text(s, "help"),
				When: r.condition(s, "when", ""), WhenHelp: r.whenHelp(s), Fields: r.fieldsOf(s),
			})
		}
	}
	if loose && !parted {
		sections = []Section{{Fields: r.fieldsOf(e)}}
	}
	if r.asked == 0 {
		r.say(e.node, `the form asks nothing; add "fields:" with at least one field`)
	}
	return sections
}

// fieldsOf reads the list of fields of a section or of the form.
func (r *reader) fieldsOf(e entries) []Field {
	var fields []Field
	for _, n := range r.list(e, "fields") {
		if r.asked++; r.asked == maxFields+1 {
			r.say(n, "this is field number %d; a form has at most %d", r.asked, maxFields)
		}
		fields = append(fields, r.field(n))
	}
	return fields
}

// field reads one field.
func (r *reader) field(n *yaml.Node) Field {
	e, ok := r.entries(n, "a field", "name", "label", "help", "type", "required", "when", "required_when", "when_help", "missing", "min_length",
		"max_length", "min", "max", "decimals", "pattern", "pattern_hint", "options", "autocomplete", "capture", "block")
	if !ok {
		return Field{}
	}
	e = r.translated(e, "label", "help", "missing", "pattern_hint", "when_help")
	f := Field{
		Name: r.name(e), Label: r.need(e, "label"), Help: r.text(e, "help"),
		Type:     Type(r.word(e, "type", string(Text), words(allTypes())...)),
		Required: r.truth(e, "required"), Missing: r.text(e, "missing"),
		Autocomplete: r.autocomplete(e),
	}
	if r.fits(e, f.Type) {
		r.limits(e, &f)
		f.Options = r.options(e, f.Type)
		f.Capture, f.Block = r.word(e, "capture", "", "user", "environment"), r.signals(e, f.Type)
	}
	f.When, f.RequiredWhen, f.WhenHelp = r.condition(e, "when", f.Name), r.condition(e, "required_when", f.Name), r.whenHelp(e)
	if f.Required && f.RequiredWhen != nil {
		r.say(e.of["required_when"].key, `a field that is "required: true" needs no "required_when"; delete one of the two`)
	}
	return f
}

// words is a list of types as plain words.
func words(types []Type) []string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = string(t)
	}
	return names
}

var fieldName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`) })

// name reads the name of a field, which no other field may have.
func (r *reader) name(e entries) string {
	name := r.need(e, "name")
	at := e.of["name"].value
	first, twice := r.fields[name]
	switch {
	case name == "":
		return ""
	case !fieldName().MatchString(name):
		r.say(at, "%q cannot be a name: begin with a lower-case letter, go on with lower-case letters, digits and _, 63 at most", name)
	case reserved(name):
		r.say(at, "%q is a name that docket needs for itself; choose another", name)
	case twice:
		r.say(at, "the name %q is taken by the field on line %d; choose another", name, first.Line)
		return name
	}
	r.fields[name] = *at
	return name
}

// reserved reports whether the page or the browser gives a meaning of its own to an input of this name.
func reserved(name string) bool {
	return slices.Contains([]string{"submission_id", "submit", "reset", "action", "method", "elements", "today", "all", "mends", "over", "remove"}, name)
}

// names lists the names of all fields in alphabetical order.
func (r *reader) names() []string { return slices.Sorted(maps.Keys(r.fields)) }

// fits reports whether every key of a field makes sense for its type.
func (r *reader) fits(e entries, t Type) bool {
	before := len(r.mistakes)
	if at, said := e.of["type"]; said && strings.TrimSpace(at.value.Value) != string(t) {
		return false // The type is a mistake of its own; what the rest means is anyone's guess.
	}
	for key, at := range e.of {
		if !t.takes(key) {
			only, _ := takers(key)
			r.say(at.key, "%q makes no sense for a field of type %s; it belongs to %s", key, t, or(words(only)))
		}
	}
	return len(r.mistakes) == before
}
