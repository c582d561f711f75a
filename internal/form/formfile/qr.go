package formfile

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"docket/internal/citizencard"
	"docket/internal/evidence"
	"docket/internal/spelling"
)

// readCard reads what the parts of the code of a card are; nil when the file does not say.
func (r *reader) readCard(m mapping) *citizencard.Layout {
	at, given := m.entries["qr"]
	if !given {
		return nil
	}
	c, ok := r.readObject(at.value, "qr")
	if !ok {
		return nil
	}
	layout := &citizencard.Layout{Separator: r.readRequired(c, "separator"), Least: r.readInt(c, "least", 1, 50, 0)}
	for _, n := range r.readList(c, "fields") {
		if r.checkKind(n, yaml.ScalarNode, "a part of the code") {
			r.checkCardPart(n)
			layout.Fields = append(layout.Fields, n.Value)
		}
	}
	if _, listed := c.entries["fields"]; !listed {
		r.addMistake(c.node, `"qr" needs "fields", what the parts of the code are`)
	}
	return layout
}

// checkCardPart checks the name of a part of a code, and of a date the order of its digits.
func (r *reader) checkCardPart(n *yaml.Node) {
	name, order, dated := strings.Cut(n.Value, ":")
	known := evidence.Names(evidence.QR)
	switch {
	case name == "" && !dated:
	case !slices.Contains(known, name):
		r.addMistake(n, "a code has no part %q%s", name, spelling.Suggestion(name, known))
	case evidence.IsDate(name) && !citizencard.CheckOrder(strings.TrimSpace(order)):
		r.addMistake(n, "the order of the digits of a date stands behind it, such as '%s: ddmmyyyy'", name)
	case dated && !evidence.IsDate(name):
		r.addMistake(n, "%q is no date; delete what stands behind it", name)
	}
}
