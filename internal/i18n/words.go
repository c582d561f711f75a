// Package i18n is docket's own words in every language: one file of texts for each, under locales.
package i18n

import (
	"cmp"
	"embed"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v4"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// Source is the language that the texts are written in first, and that of the JSON interface.
const Source = "en"

// Words are docket's own words in one language.
type Words struct {
	tag                 language.Tag
	texts               map[string]forms
	months, shortMonths []string
	missing             []string // of an added language: what is shown in Source
}

// forms are a text by plural.Form; one without plural has only Other.
type forms [plural.Many + 1]string

// Of is the words in a language; those in Source when there is no file for it.
func Of(tag string) *Words {
	if w, ok := known()[tag]; ok {
		return w
	}
	return known()[Source]
}

// Tags lists the languages that there is a file for, such as "en", be it of docket or of AddFolder.
func Tags() []string { return slices.Sorted(maps.Keys(known())) }

// File is the file of words that a language needs.
func File(tag string) string { return "internal/i18n/locales/" + tag + ".yaml" }

// Tag names the language, such as "vi".
func (w *Words) Tag() string { return w.tag.String() }

// Name is what the language calls itself.
func (w *Words) Name() string { return w.T("language.name") }

// T is the text with this key. Each {{.Name}} in it is filled with what follows "Name" in args, whole numbers and days as
// the language writes them; the number after "Count" chooses between singular and plural. An unknown key is its own text.
func (w *Words) T(key string, args ...any) string {
	known, ok := w.texts[key]
	if !ok {
		return key
	}
	text := known[plural.Other]
	if len(args) == 0 {
		return text
	}
	if n, ok := valueOf("Count", args).(int); ok {
		text = cmp.Or(known[plural.Cardinal.MatchPlural(w.tag, max(n, -n), 0, 0, 0, 0)], text)
	}
	return w.fill(text, args)
}

// fill puts the values of args where their names stand in a text. A name that has no value stays.
func (w *Words) fill(text string, args []any) string {
	var b strings.Builder
	b.Grow(len(text))
	for {
		before, rest, found := strings.Cut(text, "{{.")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}}")
		switch value := valueOf(name, args).(type) {
		case nil:
			b.WriteString("{{." + name + "}}")
		case string:
			b.WriteString(value)
		case int:
			b.WriteString(w.Number(value))
		case time.Time:
			b.WriteString(w.LongDay(value))
		default:
			fmt.Fprint(&b, value)
		}
		text = after
	}
}

// valueOf is what follows a name in args; nil when it is not there.
func valueOf(name string, args []any) any {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return args[i+1]
		}
	}
	return nil
}

// Number is a whole number as the language writes it.
func (w *Words) Number(n int) string {
	if n > -1000 && n < 1000 {
		return strconv.Itoa(n)
	}
	return message.NewPrinter(w.tag).Sprint(number.Decimal(n))
}

// DecimalSign is what stands before decimals.
func (w *Words) DecimalSign() string { return strings.Trim(w.Decimal(1.5, 1), "15") }

// Decimal is a number with this many digits after the decimal separator, as the language writes it.
func (w *Words) Decimal(v float64, digits int) string {
	return message.NewPrinter(w.tag).Sprint(number.Decimal(v, number.Scale(digits)))
}

//go:embed locales
var files embed.FS

// catalogues are the words of every language by its tag. The files are part of the program, and a test reads them.
var catalogues = sync.OnceValue(func() map[string]*Words {
	entries, _ := files.ReadDir("locales")
	all := make(map[string]*Words, len(entries))
	for _, entry := range entries {
		src, _ := files.ReadFile("locales/" + entry.Name())
		tag := strings.TrimSuffix(entry.Name(), ".yaml")
		var read map[string]any
		if err := yaml.Unmarshal(src, &read); err != nil {
			panic(err)
		}
		all[tag] = newWords(language.MustParse(tag), read)
	}
	return all
})

func newWords(tag language.Tag, read map[string]any) *Words {
	w := &Words{tag: tag, texts: make(map[string]forms, len(read))}
	for key, value := range read {
		w.texts[key] = formsOf(value)
	}
	w.months, w.shortMonths = strings.Split(w.T("date.months"), "|"), strings.Split(w.T("date.short_months"), "|")
	return w
}

// pluralForms are the plural forms as the files name them.
var pluralForms = map[string]plural.Form{
	"zero": plural.Zero, "one": plural.One, "two": plural.Two, "few": plural.Few, "many": plural.Many, "other": plural.Other,
}

// formsOf reads a text of a file: the text alone, or a text for each plural form.
func formsOf(value any) (read forms) {
	read[plural.Other], _ = value.(string)
	byName, _ := value.(map[string]any)
	for name, text := range byName {
		if form, ok := pluralForms[name]; ok {
			read[form], _ = text.(string)
		}
	}
	return read
}
