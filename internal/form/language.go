package form

import "slices"

// In is the same form in another of its languages; in its first one when it is not in that language.
func (f *Form) In(language string) *Form {
	if !slices.Contains(f.Languages, language) {
		language = f.Languages[0]
	}
	in := *f
	in.Language = language
	return &in
}
