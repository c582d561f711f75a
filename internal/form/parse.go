package form

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // A form's time zone must be known on every machine.

	"go.yaml.in/yaml/v4"

	"docket/internal/ticket"
)

// maxFields is the most fields that one form may have.
const maxFields = 200

// Parse reads the text of a form file. When anything is wrong the error is Mistakes: all of them at once.
func Parse(src []byte) (*Form, error) {
	root, mistakes := document(src)
	if mistakes != nil {
		return nil, mistakes
	}
	r := &reader{lines: lines(src), whens: map[*Condition]*yaml.Node{}, read: map[*yaml.Node]*Condition{}}
	r.plain(root)
	r.languages = r.spoken(root)
	sum, text := sha256.Sum256(src), bytes.Clone(src)
	tongues := map[string]*Form{}
	for _, language := range r.languages {
		f := r.inTongue(root, language)
		f.Version, f.Text, f.tongues = hex.EncodeToString(sum[:])[:12], text, tongues
		tongues[language] = f
	}
	if len(r.mistakes) > 0 {
		return nil, slices.Compact(r.mistakes.sorted())
	}
	return tongues[r.languages[0]], nil
}

// inTongue reads the whole file in one language.
func (r *reader) inTongue(root *yaml.Node, language string) *Form {
	r.tongue, r.fields, r.asked, r.later = language, map[string]yaml.Node{}, 0, nil
	f := r.form(root)
	f.Language, f.Languages = language, r.languages
	f.gather()
	for _, check := range r.later {
		check(f)
	}
	if len(r.mistakes) == 0 {
		r.arrange(f)
	}
	return f
}

// plain refuses what makes YAML more than a plain text: anchors, aliases and tags.
func (r *reader) plain(n *yaml.Node) {
	switch {
	case n.Kind == yaml.AliasNode:
		r.say(n, "*%s: references are not used in form files; write the text out again", n.Value)
	case n.Anchor != "":
		r.say(n, "&%s: anchors are not used in form files; delete it", n.Anchor)
	case n.Style&yaml.TaggedStyle != 0:
		r.say(n, "%s: tags are not used in form files; delete it, and put quotes around the value if need be", n.Tag)
	}
	for _, child := range n.Content {
		r.plain(child)
	}
}

// form reads the whole file.
func (r *reader) form(root *yaml.Node) *Form {
	e, ok := r.entries(root, "the form", "name", "languages", "title", "intro", "submit", "done", "approved", "time_zone",
		"open_tickets_per_user", "attempts", "list", "sections", "fields", "reasons", "rules", "examples")
	if !ok {
		return &Form{}
	}
	e = r.translated(e, "title", "intro", "submit", "done", "approved")
	f := &Form{
		Name: r.need(e, "name"), Title: r.need(e, "title"), Intro: r.text(e, "intro"),
		Submit: r.text(e, "submit"), Done: r.text(e, "done"), Approved: r.text(e, "approved"),
		Zone:     r.zone(e),
		OneOpen:  r.word(e, "open_tickets_per_user", "one", "one", "many") == "one",
		Attempts: r.whole(e, "attempts", 1, ticket.Attempts, ticket.Attempts),
	}
	if f.Name != "" && !formName().MatchString(f.Name) {
		r.say(e.of["name"].value, "%q cannot be a name: begin with a lower-case letter, go on with lower-case letters, digits, - and _", f.Name)
	}
	f.Sections = r.sections(e)
	f.Reasons = r.reasons(e)
	f.Rules, f.Examples = r.rules(e), r.examples(e)
	f.List = r.identifying(e, f)
	return f
}

var formName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9_-]{0,62}$`) })

// zone reads the time zone in which "today" is meant.
func (r *reader) zone(e entries) *time.Location {
	name := r.text(e, "time_zone")
	if name == "" {
		return time.UTC
	}
	zone, err := time.LoadLocation(name)
	if err != nil || strings.EqualFold(name, "local") {
		r.say(e.of["time_zone"].value, "unknown time zone %q; use a name such as Europe/Berlin, Asia/Ho_Chi_Minh or UTC", name)
		return time.UTC
	}
	return zone
}

// identifying reads which fields tell tickets apart in a list: the first text field when the file does not say.
func (r *reader) identifying(e entries, f *Form) []string {
	names := r.known(e, "list")
	for field := range f.fields() {
		if _, said := e.of["list"]; !said && field.Type == Text && len(names) == 0 {
			names = []string{field.Name}
		}
	}
	return names
}

// known reads an optional list of field names, each of which the form must have.
func (r *reader) known(e entries, key string) []string {
	var names []string
	for _, n := range r.list(e, key) {
		if !r.is(n, yaml.ScalarNode, "a field name") {
			continue
		}
		r.later = append(r.later, func(*Form) { r.exists(n) })
		names = append(names, n.Value)
	}
	return names
}

// exists says so when no field has the name at n.
func (r *reader) exists(n *yaml.Node) bool {
	_, ok := r.fields[n.Value]
	if !ok {
		r.say(n, "no field is named %q%s", n.Value, suggest(n.Value, r.names()))
	}
	return ok
}
