package views

import (
	"slices"

	"docket/internal/form"
)

// manyOptions is how many options a list has at least that is searched by typing.
const manyOptions = 30

// divideLikely divides the options of a field into those that are likely, by its form and for whom the page is, in that order, and the others.
func divideLikely(site Site, field form.Field, language string) (likely, others []form.Option) {
	all := field.OptionsIn(language)
	if field.Type != form.Country {
		return nil, all
	}
	first := slices.Concat(field.Likely, slices.DeleteFunc(slices.Clone(site.Likely), func(code string) bool { return slices.Contains(field.Likely, code) }))
	for _, code := range first {
		if i := slices.IndexFunc(all, func(o form.Option) bool { return o.Value == code }); i >= 0 {
			likely = append(likely, all[i])
		}
	}
	for _, o := range all {
		if !slices.Contains(first, o.Value) {
			others = append(others, o)
		}
	}
	return likely, others
}
