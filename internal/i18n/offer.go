package i18n

import (
	"slices"

	"golang.org/x/text/language"
)

// longest is how much of what a browser wants is looked at; browsers send far less.
const longest = 500

// Offer is the languages that one system can be read in; the first is for whoever wants none of them.
type Offer struct {
	tags    []string
	matcher language.Matcher
}

// NewOffer offers these languages; at least one.
func NewOffer(tags []string) Offer {
	known := make([]language.Tag, len(tags))
	for i, tag := range tags {
		known[i] = language.Make(tag)
	}
	return Offer{tags, language.NewMatcher(known)}
}

// Has reports whether a language is offered.
func (o Offer) Has(tag string) bool { return slices.Contains(o.tags, tag) }

// Choose is the language for a visitor: the one they chose before, else the one that their browser's Accept-Language
// wants most.
func (o Offer) Choose(chosen, accepted string) string {
	if o.Has(chosen) {
		return chosen
	}
	if len(o.tags) == 1 || accepted == "" || len(accepted) > longest {
		return o.tags[0]
	}
	wanted, _, err := language.ParseAcceptLanguage(accepted)
	if err != nil {
		return o.tags[0]
	}
	_, i, _ := o.matcher.Match(wanted...)
	return o.tags[i]
}
