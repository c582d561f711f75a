// Package starter has form files to begin with: whole ticket systems, each in every language of docket or in one of them.
package starter

import (
	"embed"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"docket/internal/form/formfile"
)

//go:embed *.yaml
var files embed.FS

// Names are the forms to begin with. The first two come from formfile: the form with every key, and the one for AI agents.
func Names() []string {
	return append([]string{"starter", "approval"}, systems()...)
}

// systems are the forms of whole ticket systems.
func systems() []string { return []string{"refund", "access", "merchant", "leave", "kyc"} }

// ErrLanguage is returned for a language in which a form to begin with is not written.
var ErrLanguage = errors.New("the form to begin with is not written in this language")

// Text is the text of a form file with the name of the new system, made of one of Names. language is one of those that it is written in,
// and then its texts are plain ones; "" for all of them. ErrLanguage when it is in another one.
func Text(name, from, language string) ([]byte, error) {
	text, err := read(name, from)
	if err != nil || language == "" {
		return text, err
	}
	languages := languagesLine().FindSubmatch(text)
	if languages == nil { // English alone
		if language == "en" {
			return text, nil
		}
		return nil, ErrLanguage
	}
	written := strings.Split(string(languages[1]), ", ")
	if !slices.Contains(written, language) {
		return nil, ErrLanguage
	}
	return chooseLanguage(text, slices.Index(written, language), language), nil
}

// read is the text of a form file in every language, with the name of the new system.
func read(name, from string) ([]byte, error) {
	switch from {
	case "starter":
		return formfile.Starter(name)
	case "approval":
		return formfile.Approval(name)
	}
	text, err := files.ReadFile(from + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("there is no form %q to begin with", from)
	}
	return formfile.Rename(text, from, name)
}

var languagesLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^languages: \[(.+)\]\n`) })

// translated is a text in each language, as the forms to begin with write it: {en: TEXT, vi: TEXT} on one line.
var translated = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\{en: (` + flowText + `), vi: (` + flowText + `)\}`)
})

// flowText is a text inside of braces: with quotes, or without commas and braces.
const flowText = `"(?:[^"\\]|\\.)*"|[^"',{}\[\]\n][^,{}\n]*`

// chooseLanguage is a form with the texts of one language alone, the index-th. A form without a line "languages" is in English.
func chooseLanguage(text []byte, index int, language string) []byte {
	line := "# languages: [en, vi]\n"
	if language != "en" {
		line = "languages: [" + language + "]\n"
	}
	text = languagesLine().ReplaceAll(text, []byte(line))
	return translated().ReplaceAll(text, fmt.Appendf(nil, "$%d", index+1))
}
