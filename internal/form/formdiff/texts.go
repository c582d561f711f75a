package formdiff

import (
	"fmt"
	"maps"
	"slices"

	"docket/internal/form"
	"docket/internal/form/theme"
)

// compareTexts compares the languages, and what stands around the questions.
func (c *comparison) compareTexts() {
	if c.before.Name != c.after.Name {
		c.add(Programs, "name", c.before.Name, c.after.Name)
	}
	for _, language := range c.after.Languages {
		if !slices.Contains(c.before.Languages, language) {
			c.add(Customers, "language_added", language, "")
		}
	}
	for _, language := range c.before.Languages {
		if !slices.Contains(c.after.Languages, language) {
			c.add(Customers, "language_removed", language, "")
			c.addBreaking("language_removed", language, "")
		}
	}
	for _, text := range []struct {
		key string
		of  func(*form.Form) string
	}{
		{"title", func(f *form.Form) string { return f.Title }},
		{"intro", func(f *form.Form) string { return f.Intro }},
		{"submit", func(f *form.Form) string { return f.Submit }},
		{"done", func(f *form.Form) string { return f.Done }},
		{"approved", func(f *form.Form) string { return f.Approved }},
	} {
		if c.inLanguages(func(before, after *form.Form) bool { return text.of(before) != text.of(after) }) {
			c.add(Customers, "text", text.key, "")
		}
	}
	if c.inLanguages(func(before, after *form.Form) bool { return !maps.Equal(before.Mail, after.Mail) }) {
		c.add(Customers, "text", "mail", "")
	}
	if themeText(c.before.Theme) != themeText(c.after.Theme) {
		c.add(Customers, "setting", "theme", "")
	}
	c.compareSections()
}

// themeText is how a form looks: the names of files have a hash of what is in them.
func themeText(t theme.Theme) string {
	text := fmt.Sprintf("%q %q", t.Name, t.Support)
	for _, asset := range []*theme.Asset{t.Logo, t.Style} {
		if asset != nil {
			text += " " + asset.Name
		}
	}
	return text
}

// compareSections compares the titles of sections. Their conditions are compared with those of the fields.
func (c *comparison) compareSections() {
	titles := func(f *form.Form) []string {
		var all []string
		for _, section := range f.Sections {
			all = append(all, section.Title, section.Help)
		}
		return all
	}
	if c.inLanguages(func(before, after *form.Form) bool { return !slices.Equal(titles(before), titles(after)) }) {
		c.add(Customers, "sections", "", "")
	}
}

// textsOf are the words around a question in the language of a form.
func textsOf(f *form.Form, name string) []string {
	field, _ := f.Field(name)
	if group, inRow := f.Field(field.Cell.Group); inRow {
		for inside := range group.Rows.Form.Fields() {
			if inside.Name == field.Cell.Name {
				field = inside // whose label is without that of the row
			}
		}
	}
	texts := []string{field.Label, field.Help, field.Missing, field.PatternHint, field.WhenHelp}
	for _, option := range field.Options {
		texts = append(texts, option.Label)
	}
	if field.Rows != nil {
		texts = append(texts, field.Rows.Label)
	}
	return texts
}
