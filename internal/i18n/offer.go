package i18n

import (
	"slices"

	"golang.org/x/text/language"
)

// maxAcceptLanguage is the longest Accept-Language that is read, in bytes; browsers send far less.
const maxAcceptLanguage = 500

// Offer is a choice of languages; the first is for people who want none of them.
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

// Choose is the language for a person: the one they chose before, else the best for their browser's Accept-Language.
func (o Offer) Choose(chosen, accepted string) string {
	if o.Has(chosen) {
		return chosen
	}
	if len(o.tags) == 1 || accepted == "" || len(accepted) > maxAcceptLanguage {
		return o.tags[0]
	}
	wanted, _, err := language.ParseAcceptLanguage(accepted)
	if err != nil {
		return o.tags[0]
	}
	_, i, _ := o.matcher.Match(wanted...)
	return o.tags[i]
}
