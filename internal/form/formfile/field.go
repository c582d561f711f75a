package formfile

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"

	"docket/internal/form"
	"docket/internal/form/linktext"
	"docket/internal/form/rules"
	"docket/internal/spelling"
)

// maxFields is the most fields that one form may have.
const maxFields = 200

// readSections reads the sections, or the fields of a form that has no sections.
func (r *reader) readSections(m mapping) []form.Section {
	_, hasSections := m.entries["sections"]
	flat, hasFields := m.entries["fields"]
	if hasSections && hasFields {
		r.addMistake(flat.key, `"sections" and "fields" exclude each other; move these fields into a section`)
	}
	var sections []form.Section
	for _, n := range r.readList(m, "sections") {
		if s, ok := r.readObject(n, "section"); ok {
			s = r.translate(s, "title", "help", "when_help")
			sections = append(sections, form.Section{
				Title: r.readText(s, "title"), Help: r.readLinked(s, "help"),
				When: r.readCondition(s, "when", ""), WhenHelp: r.readWhenHelp(s), Fields: r.readFields(s),
			})
		}
	}
	if hasFields && !hasSections {
		sections = []form.Section{{Fields: r.readFields(m)}}
	}
	if r.fieldCount == 0 {
		r.addMistake(m.node, `the form asks nothing; add "fields:" with at least one field`)
	}
	return sections
}

// readFields reads the list of fields of a section or of the form.
func (r *reader) readFields(m mapping) []form.Field {
	var fields []form.Field
	for _, n := range r.readList(m, "fields") {
		if r.fieldCount++; r.fieldCount == maxFields+1 {
			r.addMistake(n, "this is field number %d; a form has at most %d", r.fieldCount, maxFields)
		}
		fields = append(fields, r.readField(n))
	}
	return fields
}

// readField reads one field.
func (r *reader) readField(n *yaml.Node) form.Field { return r.readFieldAs(n, "field") }

// readFieldAs reads a field of one of the kinds in formkeys.
func (r *reader) readFieldAs(n *yaml.Node, kind string) form.Field {
	m, ok := r.readObject(n, kind)
	if !ok {
		return form.Field{}
	}
	m = r.translate(m, "label", "help", "missing", "pattern_hint", "when_help", "row_label")
	field := form.Field{
		Name: r.readFieldName(m), Label: r.readRequired(m, "label"), Help: r.readLinked(m, "help"),
		Type:     form.Type(r.readWord(m, "type", string(form.Text), typeNames(form.Types())...)),
		Required: r.readBool(m, "required"), Missing: r.readText(m, "missing"),
		Autocomplete: r.readAutocomplete(m), Search: r.readBool(m, "search"), Identity: r.readIdentity(m),
		Proposes: r.readProposes(m),
	}
	field.Language, field.Zone = r.language, r.zone
	field.LinkedLabel = field.Label
	if r.checkKeys(m, field.Type) {
		if field.Type == form.Checkbox {
			field.Label = linktext.Words(r.readLinked(m, "label"))
		}
		field.AgreedVersion = r.readText(m, "agreed_version")
		field.RequiredParts = r.readRequiredParts(m, field.Type)
		field.Currencies = r.readCurrencies(m, field.Type)
		r.readRows(m, &field)
		r.readLimits(m, &field)
		field.Options = r.readOptions(m, field.Type)
		field.OptionsFrom, field.OptionList = r.readOptionsFrom(m)
		r.checkLeast(m, field)
		field.Computed = r.readComputed(m, field)
		r.readFiles(m, &field)
		r.requireRows(m, &field)
		field.Capture, field.Block = r.readWord(m, "capture", "", "user", "environment"), r.readBlock(m, field.Type)
		field.Card = r.readCard(m)
		field.Citizen = r.readCitizenNumber(m)
		field.Faces = r.readWord(m, "faces", "", form.FaceSelfie, form.FaceDocument)
		field.Example = r.readWord(m, "example", "", "document", "document_back", "selfie")
		r.readKnown(m, &field)
		field.Likely = r.readLikely(m)
		r.checkCountryProposed(m, field, kind)
	}
	field.When, field.RequiredWhen = r.readCondition(m, "when", field.Name), r.readCondition(m, "required_when", field.Name)
	field.WhenHelp = r.readWhenHelp(m)
	r.checkFound(m, field)
	if field.Required && field.RequiredWhen != nil {
		r.addMistake(m.entries["required_when"].key, `a field that is "required: true" needs no "required_when"; delete one of the two`)
	}
	return field
}

// typeNames is a list of types as plain words.
func typeNames(types []form.Type) []string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = string(t)
	}
	return names
}

var identifier = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`) })

// readFieldName reads the name of a field, which no other field may have.
func (r *reader) readFieldName(m mapping) string {
	name := r.readRequired(m, "name")
	at := m.entries["name"].value
	first, twice := r.fields[name]
	switch {
	case name == "":
		return ""
	case !identifier().MatchString(name):
		r.addMistake(at, "%q cannot be a name: begin with a lower-case letter, go on with lower-case letters, digits and _, 63 at most", name)
	case reserved(name):
		r.addMistake(at, "%q is a name that docket needs for itself; choose another", name)
	case twice:
		r.addMistake(at, "the name %q is taken by the field on line %d; choose another", name, first.Line)
		return name
	}
	r.fields[name] = *at
	return name
}

// reserved reports whether the page or the browser gives a meaning of its own to an input of this name.
func reserved(name string) bool {
	return slices.Contains([]string{"submission_id", "submit", "reset", "action", "method", "elements", "today", "all", "mends", "over", "remove", "take"}, name)
}

// checkOverlaps notes fields of which expressions would see a part under a name that has another meaning.
func (r *reader) checkOverlaps(f *form.Form) {
	note := func(overlaps []rules.Overlap, group string) {
		for _, o := range overlaps {
			at, known := r.fields[group+o.Field]
			if !known {
				at = r.fields[o.Field]
			}
			r.addMistake(&at, "expressions would see a part of %q as %q, which means something else there; choose another name", o.Field, o.Name)
		}
	}
	note(r.compiler.Overlaps(), "")
	for field := range f.Fields() {
		if field.Rows != nil {
			note(r.compilerOf(f, field.Name).Overlaps(), field.Name+".")
		}
	}
}

// fieldNames lists the names of all fields in alphabetical order.
func (r *reader) fieldNames() []string { return slices.Sorted(maps.Keys(r.fields)) }

// checkKeys reports whether every key of a field fits its type.
func (r *reader) checkKeys(m mapping, t form.Type) bool {
	before := len(r.mistakes)
	if at, given := m.entries["type"]; given && strings.TrimSpace(at.value.Value) != string(t) {
		return false // The type is a mistake of its own; what the rest means is unknown.
	}
	for key, at := range m.entries {
		if !t.Takes(key) {
			taking, _ := form.TypesTaking(key)
			r.addMistake(at.key, "%q makes no sense for a field of type %s; it belongs to %s", key, t, spelling.Or(typeNames(taking)))
		}
	}
	return len(r.mistakes) == before
}

// readBlock reads what an answer must not be or have, such as blurry.
func (r *reader) readBlock(m mapping, t form.Type) []string {
	var names []string
	for _, n := range r.readList(m, "block") {
		if r.checkKind(n, yaml.ScalarNode, "a signal") {
			names = append(names, r.wordAt(n, "signal", t.Blockable()...))
		}
	}
	return names
}
