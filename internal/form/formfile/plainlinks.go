package formfile

import (
	"fmt"

	"docket/internal/form"
	"docket/internal/form/linktext"
)

// PlainLinks names the texts of a form that have a link which is shown as it is written, since such a text takes none: titles, questions and
// options are links, buttons and headings themselves, or are read aloud as one name.
func PlainLinks(f *form.Form) (places []string) {
	seen := map[string]bool{}
	for _, language := range f.Languages {
		for place, text := range plainTexts(f.In(language)) {
			if len(linktext.URLs(text)) > 0 && !seen[place] {
				seen[place] = true
				places = append(places, place)
			}
		}
	}
	return places
}

// plainTexts yields the texts of a form that take no links, and where each stands.
func plainTexts(f *form.Form) func(yield func(place, text string) bool) {
	return func(yield func(place, text string) bool) {
		ok := yield("the title", f.Title) && yield("the words of the button", f.Submit)
		for i, section := range f.Sections {
			ok = ok && yield(fmt.Sprintf("the title of section %d", i+1), section.Title)
		}
		for field := range f.Fields() {
			name := field.Name
			ok = ok && yield("the label of "+name, field.Label) && yield(`"missing" of `+name, field.Missing) && yield(`"pattern_hint" of `+name, field.PatternHint)
			for _, option := range field.Options {
				ok = ok && yield(fmt.Sprintf("the option %s of %s", option.Value, name), option.Label)
			}
		}
		for i, check := range f.Checks {
			ok = ok && yield(fmt.Sprintf("the text of check %d", i+1), check.Text)
		}
		for _, step := range f.Steps {
			ok = ok && yield("the title of the step "+step.Name, step.Title)
		}
	}
}
