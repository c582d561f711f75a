package form

import "go.yaml.in/yaml/v4"

// reasons reads the list of reject reasons.
func (r *reader) reasons(e entries) []Reason {
	var reasons []Reason
	seen := map[string]int{}
	for _, n := range r.list(e, "reasons") {
		if reason, ok := r.reason(n, seen); ok {
			reasons = append(reasons, reason)
		}
	}
	return reasons
}

// reason reads one reject reason; seen keeps on which line each code stands.
func (r *reader) reason(n *yaml.Node, seen map[string]int) (Reason, bool) {
	e, ok := r.entries(n, "a reason", "code", "label", "class", "fields", "text")
	if !ok {
		return Reason{}, false
	}
	e = r.translated(e, "text")
	if at, ok := e.of["label"]; ok && at.value.Kind == yaml.MappingNode { // Agents read one language.
		e = r.translated(e, "label")
	}
	reason := Reason{
		Code: r.need(e, "code"), Label: r.need(e, "label"), Class: r.class(e),
		Fields: r.known(e, "fields"), Text: r.text(e, "text"),
	}
	if _, said := e.of["text"]; !said {
		r.say(e.node, `a reason needs "text", which tells the user what to do; write text: "" when the agent is to write it`)
	}
	if reason.Code == "" {
		return reason, true
	}
	at := e.of["code"].value
	first, twice := seen[reason.Code]
	switch {
	case !fieldName().MatchString(reason.Code):
		r.say(at, "%q cannot be a code: begin with a lower-case letter, go on with lower-case letters, digits and _, 63 at most", reason.Code)
	case twice:
		r.say(at, "the code %q is taken by the reason on line %d; choose another", reason.Code, first)
	}
	seen[reason.Code] = at.Line
	return reason, true
}

// class reads whether the user may submit again.
func (r *reader) class(e entries) Class {
	if _, said := e.of["class"]; !said {
		r.say(e.node, `a reason needs "class": retry when the user may mend it and submit again, final when not, choose when the agent may say that it is final`)
	}
	return Class(r.word(e, "class", string(Retry), string(Retry), string(Final), string(Choose)))
}
