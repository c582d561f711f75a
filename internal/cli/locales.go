package cli

import (
	"fmt"
	"io"

	"docket/internal/form"
	"docket/internal/i18n"
)

// localeOptions add languages to those of docket, before anything else is done.
type localeOptions struct {
	Locales string `name:"locales" env:"LOCALES_DIR" type:"existingdir" placeholder:"DIR" help:"A folder with more languages of docket's own words, such as ar.yaml. What a file misses is shown in English."`
}

// AfterApply reads the languages; kong calls it when the options are known.
func (o localeOptions) AfterApply() error {
	if o.Locales == "" {
		return nil
	}
	return i18n.AddFolder(o.Locales)
}

// reportMissingWords lists what the languages of a form miss of docket's own words.
func reportMissingWords(out io.Writer, f *form.Form) {
	for _, language := range f.Languages {
		missing := i18n.Of(language).Missing()
		if len(missing) == 0 {
			continue
		}
		fmt.Fprintf(out, "%s: %d of docket's own texts are missing and are shown in English:\n", language, len(missing))
		for _, key := range missing {
			fmt.Fprintf(out, "  %s: %q\n", key, i18n.Of(i18n.Source).T(key))
		}
	}
}
