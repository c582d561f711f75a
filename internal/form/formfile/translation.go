package formfile

import (
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"docket/internal/i18n"
	"docket/internal/spelling"
)

// readLanguages reads which languages the form is in: English alone when the file does not say.
func (r *reader) readLanguages(root *yaml.Node) []string {
	var tags []string
	for i := 0; root.Kind == yaml.MappingNode && i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		if key.Value != "languages" || !r.checkKind(value, yaml.SequenceNode, `"languages"`) {
			continue
		}
		for _, n := range value.Content {
			switch {
			case !r.checkKind(n, yaml.ScalarNode, "a language"):
			case slices.Contains(tags, n.Value):
				r.addMistake(n, "%q stands here a second time; keep one of them", n.Value)
			case !slices.Contains(i18n.Tags(), n.Value):
				r.addMistake(n, "docket itself has no words in %q yet%s; a new language is the file %s", n.Value, spelling.Suggestion(n.Value, i18n.Tags()), i18n.File(n.Value))
			default:
				tags = append(tags, n.Value)
			}
		}
	}
	if tags == nil {
		return []string{i18n.Source}
	}
	return tags
}

// translate is m with the texts that people read in the language that is being read.
func (r *reader) translate(m mapping, keys ...string) mapping {
	m.entries = maps.Clone(m.entries)
	for _, key := range keys {
		if at, ok := m.entries[key]; ok {
			m.entries[key] = entry{at.key, r.translatedText(at.value, key)}
		}
	}
	return m
}

// translatedText is a text in the language that is being read. An empty text is empty in every language.
func (r *reader) translatedText(n *yaml.Node, key string) *yaml.Node {
	several := len(r.languages) > 1
	if n.Kind != yaml.MappingNode || !several {
		if several && n.Kind == yaml.ScalarNode && n.Value != "" {
			r.addMistake(n, "%q must be given in each language: {%s: …}", key, strings.Join(r.languages, ": …, "))
		}
		return n
	}
	texts, _ := r.readMapping(n, `"`+key+`"`, r.languages...)
	for _, language := range r.languages {
		if _, ok := texts.entries[language]; !ok {
			r.addMistake(n, `%q is missing in the language %q; add "%s: …"`, key, language, language)
		}
	}
	if at, ok := texts.entries[r.language]; ok {
		return at.value
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Value: "…", Line: n.Line, Column: n.Column} // The mistake is noted above.
}
