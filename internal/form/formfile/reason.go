package formfile

import (
	"go.yaml.in/yaml/v4"

	"docket/internal/form"
	"docket/internal/form/formkeys"
	"docket/internal/form/linktext"
)

// readReasons reads the list of reject reasons.
func (r *reader) readReasons(m mapping) []form.Reason {
	var reasons []form.Reason
	seen := map[string]int{}
	for _, n := range r.readList(m, "reasons") {
		if reason, ok := r.readReason(n, seen); ok {
			reasons = append(reasons, reason)
		}
	}
	return reasons
}

// readReason reads one reject reason; seen keeps on which line each code stands.
func (r *reader) readReason(n *yaml.Node, seen map[string]int) (form.Reason, bool) {
	m, ok := r.readObject(n, "reason")
	if !ok {
		return form.Reason{}, false
	}
	m = r.translate(m, "text")
	if at, ok := m.entries["label"]; ok && at.value.Kind == yaml.MappingNode { // Agents may read one language.
		m = r.translate(m, "label")
	}
	reason := form.Reason{
		Code: r.readRequired(m, "code"), Label: r.readRequired(m, "label"), Class: r.readClass(m),
		Fields: r.readFieldNames(m, "fields"), Signals: r.readSignals(m), LinkedText: r.readLinked(m, "text"),
	}
	reason.Text = linktext.Plain(reason.LinkedText)
	if _, given := m.entries["text"]; !given {
		r.addMistake(m.node, `a reason needs "text", which tells the user what to do; write text: "" when the agent is to write it`)
	}
	if reason.Code == "" {
		return reason, true
	}
	at := m.entries["code"].value
	first, twice := seen[reason.Code]
	switch {
	case !identifier().MatchString(reason.Code):
		r.addMistake(at, "%q cannot be a code: begin with a lower-case letter, go on with lower-case letters, digits and _, 63 at most", reason.Code)
	case twice:
		r.addMistake(at, "the code %q is taken by the reason on line %d; choose another", reason.Code, first)
	}
	seen[reason.Code] = at.Line
	return reason, true
}

// readClass reads whether the user may submit again.
func (r *reader) readClass(m mapping) form.Class {
	if _, given := m.entries["class"]; !given {
		r.addMistake(m.node, `a reason needs "class": retry when the user may correct it and submit again, final when not, choose when the agent may say that it is final`)
	}
	var classes []string
	for _, class := range form.Classes() {
		classes = append(classes, string(class))
	}
	return form.Class(r.readWord(m, "class", string(form.Retry), classes...))
}

// readSignals reads for which signals of pictures a reason is offered first.
func (r *reader) readSignals(m mapping) []string {
	var names []string
	for _, n := range r.readList(m, "signals") {
		if r.checkKind(n, yaml.ScalarNode, "a signal") {
			names = append(names, r.wordAt(n, "signal", formkeys.Signals()...))
		}
	}
	return names
}
