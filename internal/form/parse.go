package form

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // A form's time zone must be known on every machine.

	"go.yaml.in/yaml/v4"

	"docket/internal/lang"
)

// maxFields is the most fields that one form may have.
const maxFields = 200

// Parse reads the text of a form file. When anything is wrong the error is Mistakes: all of them at once.
func Parse(src []byte) (*Form, error) {
	root, mistakes := document(src)
	if mistakes != nil {
		return nil, mistakes
	}
	r := &reader{fields: map[string]yaml.Node{}, lines: lines(src), whens: map[*Condition]*yaml.Node{}}
	r.plain(root)
	f := r.form(root)
	f.gather()
	for _, check := range r.later {
		check(f)
	}
	if len(r.mistakes) == 0 {
		r.arrange(f)
	}
	if len(r.mistakes) > 0 {
		return nil, r.mistakes.sorted()
	}
	sum := sha256.Sum256(src)
	f.Version = hex.EncodeToString(sum[:])[:12]
	return f, nil
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
	e, ok := r.entries(root, "the form", "name", "title", "intro", "submit", "done", "approved", "time_zone",
		"open_tickets_per_user", "list", "sections", "fields", "reasons")
	if !ok {
		return &Form{}
	}
	f := &Form{
		Name: r.need(e, "name"), Title: r.need(e, "title"), Intro: r.text(e, "intro"),
		Submit: r.text(e, "submit"), Done: r.text(e, "done"), Approved: r.text(e, "approved"),
		Zone:    r.zone(e),
		OneOpen: r.word(e, "open_tickets_per_user", "one", "one", "many") == "one",

		Language: lang.Source, Languages: []string{lang.Source},
	}
	if f.Name != "" && !formName().MatchString(f.Name) {
		r.say(e.of["name"].value, "%q cannot be a name: begin with a lower-case letter, go on with lower-case letters, digits, - and _", f.Name)
	}
	f.Sections = r.sections(e)
	f.Reasons = r.reasons(e)
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
