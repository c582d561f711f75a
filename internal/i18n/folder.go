package i18n

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"go.yaml.in/yaml/v4"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// added are the words of every language after AddFolder; nil before. Languages are looked up by name everywhere, so this is one for
// the process.
var added atomic.Pointer[map[string]*Words]

// known are the words of every language by its tag.
func known() map[string]*Words {
	if all := added.Load(); all != nil {
		return *all
	}
	return catalogues()
}

// AddFolder adds the languages of a folder: files as those of docket's own, such as ar.yaml. Words that a file misses are those of
// Source. A file of a language that docket has changes words of it. It is called at the start, before anything is shown.
func AddFolder(folder string) error {
	read, err := readFolder(folder)
	if err != nil {
		return err
	}
	all := maps.Clone(known())
	maps.Copy(all, read)
	added.Store(&all)
	return nil
}

// readFolder reads the languages of a folder.
func readFolder(folder string) (map[string]*Words, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("read the languages of %s: %w", folder, err)
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("%s has no file of a language, such as ar.yaml", folder)
	}
	read := map[string]*Words{}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".yaml")
		tag, err := language.Parse(name)
		if err != nil || tag.String() != name {
			return nil, fmt.Errorf("%s: %q is no language; name the file as ar.yaml or pt-BR.yaml", path, name)
		}
		if read[name], err = readWords(path, tag); err != nil {
			return nil, err
		}
	}
	return read, nil
}

// readWords reads a file of words, and fills up what it misses.
func readWords(path string, tag language.Tag) (*Words, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read a language: %w", err)
	}
	var texts map[string]any
	if err := yaml.Unmarshal(src, &texts); err != nil {
		return nil, fmt.Errorf("%s is not YAML: %w", path, err)
	}
	source := catalogues()[Source]
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		if mistake := checkTexts(source, key, formsOf(texts[key])); mistake != "" {
			return nil, fmt.Errorf("%s: %s %s", path, key, mistake)
		}
	}
	w := &Words{tag: tag, texts: map[string]forms{}}
	maps.Copy(w.texts, source.texts)
	if docket, ok := catalogues()[tag.String()]; ok {
		maps.Copy(w.texts, docket.texts)
	} else {
		w.missing = slices.DeleteFunc(slices.Sorted(maps.Keys(source.texts)), func(key string) bool { return texts[key] != nil })
	}
	for key, value := range texts {
		w.texts[key] = formsOf(value)
	}
	w.months, w.shortMonths = strings.Split(w.T("date.months"), "|"), strings.Split(w.T("date.short_months"), "|")
	return w, nil
}

var placeholders = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{\{\.\w+\}\}`) })

// checkTexts is what is wrong with a text of a file; empty when nothing is.
func checkTexts(source *Words, key string, texts forms) string {
	original, ok := source.texts[key]
	switch {
	case !ok:
		return "is no text of docket"
	case texts[plural.Other] == "":
		return "has no text"
	case strings.Count(texts[plural.Other], "|") != strings.Count(original[plural.Other], "|"):
		return "must have as many parts between | as " + File(Source) + " has"
	}
	allowed := placeholders().FindAllString(original[plural.Other], -1)
	for _, text := range texts {
		for _, name := range placeholders().FindAllString(text, -1) {
			if !slices.Contains(allowed, name) {
				return "has the unknown placeholder " + name
			}
		}
	}
	return ""
}

// Missing lists the texts that the file of an added language misses, so that they are shown in Source.
func (w *Words) Missing() []string { return w.missing }
