package views_test

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"docket/internal/i18n"
)

// english is every text of docket's own that is another in Vietnamese, with anything where it is filled in.
func english(t *testing.T) map[string]*regexp.Regexp {
	t.Helper()
	read := func(tag string) (all map[string]any) {
		src, err := os.ReadFile("../" + i18n.File(tag))
		if err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal(src, &all); err != nil {
			t.Fatal(err)
		}
		return all
	}
	vi, found := read("vi"), map[string]*regexp.Regexp{}
	placeholder := regexp.MustCompile(`\{\{[^}]*\}\}`)
	for key, value := range read("en") {
		texts := []any{value}
		if forms, plural := value.(map[string]any); plural {
			texts = []any{forms["one"], forms["other"]}
		}
		for _, each := range texts {
			if text, _ := each.(string); text != "" && text != vi[key] && key != "language.name" {
				parts := placeholder.Split(strings.TrimSpace(text), -1)
				for i, part := range parts {
					parts[i] = regexp.QuoteMeta(part)
				}
				found[text] = regexp.MustCompile("^" + strings.Join(parts, ".+") + "[.,]?$")
			}
		}
	}
	return found
}

// read is every text of a page that a person reads or hears, those in attributes too.
func read(t *testing.T, page string) (texts []string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return texts
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.CharData:
			texts = append(texts, strings.Join(strings.Fields(string(token)), " "))
		case xml.StartElement:
			for _, a := range token.Attr {
				if name := a.Name.Local; name == "title" || name == "placeholder" || strings.HasPrefix(name, "aria-") || strings.HasPrefix(name, "data-") {
					title, _, _ := strings.Cut(a.Value, " – ")
					texts = append(texts, title)
				}
			}
		}
	}
}

func TestPages_NoEnglishInVietnamese(t *testing.T) {
	t.Parallel()
	words := english(t)
	for _, s := range statesIn(t, i18n.Of("vi")) {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			page := html(t, s.Page)
			if !strings.Contains(page, `<html lang="vi">`) {
				t.Error("the page does not say that it is Vietnamese")
			}
			for _, text := range read(t, page) {
				for word, like := range words {
					if like.MatchString(text) {
						t.Errorf("%q is left: %q", word, text)
					}
				}
			}
		})
	}
}
