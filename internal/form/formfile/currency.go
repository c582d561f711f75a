package formfile

import (
	"slices"

	"go.yaml.in/yaml/v4"

	"docket/internal/form"
	"docket/internal/form/money"
)

// readCurrencies reads in which currency an amount is, or in one of which.
func (r *reader) readCurrencies(m mapping, t form.Type) (codes []string) {
	at, given := m.entries["currency"]
	if !given {
		if t == form.Money {
			r.addMistake(m.node, `money needs "currency"; add "currency: EUR", or a list of currencies to choose from`)
		}
		return nil
	}
	nodes := []*yaml.Node{at.value}
	if at.value.Kind == yaml.SequenceNode {
		nodes = at.value.Content
	}
	for _, n := range nodes {
		_, known := money.Decimals(n.Value)
		switch {
		case !r.checkKind(n, yaml.ScalarNode, "a currency"):
		case !known:
			r.addMistake(n, "no currency has the code %q; use a code of ISO 4217 such as EUR or VND", n.Value)
		case slices.Contains(codes, n.Value):
			r.addMistake(n, "%q stands here a second time; keep one of them", n.Value)
		default:
			codes = append(codes, n.Value)
		}
	}
	if len(nodes) == 0 {
		r.addMistake(at.value, `"currency" is empty; name at least one`)
	}
	return codes
}
