package form

import (
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"docket/internal/i18n"
)

// In is the same form in another of its languages; in its first one when it is not in that language.
func (f *Form) In(language string) *Form {
	if in, ok := f.tongues[language]; ok {
		return in
	}
	return f.tongues[f.Languages[0]]
}

// spoken reads which languages the form is in: English alone when the file does not say.
func (r *reader) spoken(root *yaml.Node) []string {
	var tags []string
	for i := 0; root.Kind == yaml.MappingNode && i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		if key.Value != "languages" || !r.is(value, yaml.SequenceNode, `"languages"`) {
			continue
		}
		for _, n := range value.Content {
			switch {
			case !r.is(n, yaml.ScalarNode, "a language"):
			case slices.Contains(tags, n.Value):
				r.say(n, "%q stands here a second time; keep one of them", n.Value)
			case !slices.Contains(i18n.Tags(), n.Value):
				r.say(n, "docket itself has no words in %q yet%s; a new language is the file %s", n.Value, suggest(n.Value, i18n.Tags()), i18n.File(n.Value))
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

// translated is e with the texts that people read in the language that is being read.
func (r *reader) translated(e entries, keys ...string) entries {
	e.of = maps.Clone(e.of)
	for _, key := range keys {
		if at, ok := e.of[key]; ok {
			e.of[key] = entry{at.key, r.translation(at.value, key)}
		}
	}
	return e
}

// translation is a text in the language that is being read. An empty text is empty in every language.
func (r *reader) translation(n *yaml.Node, key string) *yaml.Node {
	several := len(r.languages) > 1
	if n.Kind != yaml.MappingNode || !several {
		if several && n.Kind == yaml.ScalarNode && n.Value != "" {
			r.say(n, "%q must be given in each language: {%s: …}", key, strings.Join(r.languages, ": …, "))
		}
		return n
	}
	texts, _ := r.entries(n, `"`+key+`"`, r.languages...)
	for _, language := range r.languages {
		if _, ok := texts.of[language]; !ok {
			r.say(n, `%q is missing in the language %q; add "%s: …"`, key, language, language)
		}
	}
	if at, ok := texts.of[r.tongue]; ok {
		return at.value
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Value: "…", Line: n.Line, Column: n.Column} // It was said above.
}
