// Package i18n is docket's own words in every language: one file of texts for each, under locales.
package i18n

import (
	"embed"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"go.yaml.in/yaml/v4"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// Source is the language that the texts are written in first, and that of the JSON interface.
const Source = "en"

// Words are docket's own words in one language.
type Words struct {
	tag       language.Tag
	plain     map[string]string // the texts that have nothing to fill in, which most are
	localizer *i18n.Localizer
}

// Of is the words in a language; those in Source when there is no file for it.
func Of(tag string) *Words {
	if w, ok := catalogues()[tag]; ok {
		return w
	}
	return catalogues()[Source]
}

// Tags lists the languages that there is a file for, such as "en".
func Tags() []string { return slices.Sorted(maps.Keys(catalogues())) }

// File is the file of words that a language needs.
func File(tag string) string { return "internal/i18n/locales/" + tag + ".yaml" }

// Tag names the language, such as "vi".
func (w *Words) Tag() string { return w.tag.String() }

// Name is what the language calls itself.
func (w *Words) Name() string { return w.T("language.name") }

// T is the text with this key. Each {{.Name}} in it is filled with what follows "Name" in args, whole numbers and days as
// the language writes them; the number after "Count" chooses between singular and plural. An unknown key is its own text.
func (w *Words) T(key string, args ...any) string {
	if text, ok := w.plain[key]; ok {
		return text
	}
	config := i18n.LocalizeConfig{MessageID: key}
	data := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		name, _ := args[i].(string)
		data[name] = args[i+1]
		if n, ok := args[i+1].(int); ok {
			data[name] = w.Number(n)
			if name == "Count" {
				config.PluralCount = n
			}
		}
		if date, ok := args[i+1].(time.Time); ok {
			data[name] = w.LongDay(date)
		}
	}
	config.TemplateData = data
	text, _ := w.localizer.Localize(&config) // the error may be a missing plural that the language does not need
	if text == "" {
		return key
	}
	return text
}

// Number is a whole number as the language writes it.
func (w *Words) Number(n int) string {
	if n > -1000 && n < 1000 {
		return strconv.Itoa(n)
	}
	return message.NewPrinter(w.tag).Sprint(number.Decimal(n))
}

// Decimal is a number with this many digits after the decimal separator, as the language writes it.
func (w *Words) Decimal(v float64, digits int) string {
	return message.NewPrinter(w.tag).Sprint(number.Decimal(v, number.Scale(digits)))
}

//go:embed locales
var files embed.FS

// catalogues are the words of every language by its tag. The files are part of the program, and a test reads them.
var catalogues = sync.OnceValue(func() map[string]*Words {
	bundle := i18n.NewBundle(language.MustParse(Source))
	bundle.RegisterUnmarshalFunc("yaml", func(data []byte, v any) error { return yaml.Unmarshal(data, v) })
	entries, _ := files.ReadDir("locales")
	all := make(map[string]*Words, len(entries))
	for _, entry := range entries {
		file, err := bundle.LoadMessageFileFS(files, "locales/"+entry.Name())
		if err != nil {
			panic(err)
		}
		w := &Words{tag: file.Tag, plain: map[string]string{}}
		for _, m := range file.Messages {
			if m.One == "" && !strings.Contains(m.Other, "{{") {
				w.plain[m.ID] = m.Other
			}
		}
		all[file.Tag.String()] = w
	}
	for tag, w := range all {
		w.localizer = i18n.NewLocalizer(bundle, tag)
	}
	return all
})
