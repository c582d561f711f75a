// Package formfile reads form files: YAML that says what a ticket system asks. It names every mistake by line and column.
package formfile

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

	"docket/internal/form"
	"docket/internal/form/formstep"
	"docket/internal/form/rules"
	"docket/internal/spelling"
	"docket/internal/ticket"
)

// Parse reads the text of a form file, and no file beside it. When anything is wrong the error is Mistakes: all of them at once.
func Parse(src []byte) (*form.Form, error) { return ParseIn(src, "") }

// ParseIn is Parse of a file in a folder, with the files beside it that it names.
func ParseIn(src []byte, folder string) (*form.Form, error) {
	root, mistakes := readDocument(src)
	if mistakes != nil {
		return nil, mistakes
	}
	r := &reader{
		folder: folder, lists: map[string]readList{}, lines: splitLines(src), conditionNodes: map[*form.Condition]*yaml.Node{},
		conditions: map[*yaml.Node]*form.Condition{}, rules: map[*yaml.Node]*form.Rule{}, rowCompilers: map[string]*rules.Compiler{}, times: map[*yaml.Node]*form.Time{},
	}
	r.checkPlain(root)
	r.checkNUL(root)
	r.languages = r.readLanguages(root)
	sum, text := sha256.Sum256(src), bytes.Clone(src)
	translations := map[string]*form.Form{}
	for _, language := range r.languages {
		f := r.readTranslation(root, language)
		f.Version, f.Text = hex.EncodeToString(sum[:]), text
		translations[language] = f
	}
	if len(r.mistakes) > 0 {
		return nil, slices.Compact(r.mistakes.sorted())
	}
	form.Translate(translations)
	return translations[r.languages[0]], nil
}

// readTranslation reads the whole file in one language.
func (r *reader) readTranslation(root *yaml.Node, language string) *form.Form {
	r.language, r.fields, r.fieldCount, r.deferred = language, map[string]yaml.Node{}, 0, nil
	f := r.readForm(root)
	f.Language, f.Languages = language, r.languages
	if f.Grant != nil {
		f.Grant.Language, f.Grant.Languages = language, []string{language}
	}
	f.IndexFields()
	if r.compiler == nil {
		r.compiler = rules.NewCompiler(f)
	}
	for _, check := range r.deferred {
		check(f)
	}
	r.checkOverlaps(f)
	r.checkUncomputed(f)
	if len(r.mistakes) == 0 {
		r.orderConditions(f)
	}
	return f
}

// orderConditions finds the order in which conditions are evaluated, and notes where there is none.
func (r *reader) orderConditions(f *form.Form) {
	for _, cycle := range f.Order() {
		at, names := r.conditionNodes[cycle.When], cycle.Fields
		if len(names) == 1 {
			r.addMistake(at, "whether %q is asked cannot depend on its own answer; name another field", names[0])
			continue
		}
		r.addMistake(at, "these conditions go round in a circle: %s; one of them must not look at the next", strings.Join(append(names, names[0]), " → "))
	}
}

// checkPlain refuses what makes YAML more than a plain text: anchors, aliases and tags.
func (r *reader) checkPlain(n *yaml.Node) {
	switch {
	case n.Kind == yaml.AliasNode:
		r.addMistake(n, "*%s: references are not used in form files; write the text out again", n.Value)
	case n.Anchor != "":
		r.addMistake(n, "&%s: anchors are not used in form files; delete it", n.Anchor)
	case n.Style&yaml.TaggedStyle != 0:
		r.addMistake(n, "%s: tags are not used in form files; delete it, and put quotes around the value if need be", n.Tag)
	}
	for _, child := range n.Content {
		r.checkPlain(child)
	}
}

// checkNUL refuses a NUL, which an escape such as "\0" puts into a text: PostgreSQL cannot store it.
func (r *reader) checkNUL(n *yaml.Node) {
	if text := []rune(n.Value); n.Kind == yaml.ScalarNode && slices.Contains(text, 0) {
		line, column := r.positionIn(n, text, slices.Index(text, 0))
		r.mistakes = append(r.mistakes, Mistake{line, column, controlMessage(0)})
	}
	for _, child := range n.Content {
		r.checkNUL(child)
	}
}

// readForm reads the whole file.
func (r *reader) readForm(root *yaml.Node) *form.Form {
	m, ok := r.readObject(root, "form")
	if !ok {
		return &form.Form{}
	}
	m = r.translate(m, "title", "intro", "submit", "done", "approved")
	r.zone = r.readZone(m)
	f := &form.Form{
		Name: r.readRequired(m, "name"), Title: r.readRequired(m, "title"), Intro: r.readLinked(m, "intro"),
		Submit: r.readText(m, "submit"), Done: r.readLinked(m, "done"), Approved: r.readLinked(m, "approved"),
		Zone:     r.zone,
		OneOpen:  r.readWord(m, "open_tickets_per_user", "one", "one", "many") == "one",
		Attempts: r.readInt(m, "attempts", 1, ticket.Attempts, ticket.Attempts),

		SubmissionsPerDay: r.readInt(m, "submissions_per_day", 1, 10_000, 20),

		Undo: time.Duration(r.readInt(m, "undo_seconds", 0, form.MaxUndoSeconds, 0)) * time.Second,
	}
	f.Theme = r.readTheme(m)
	f.Mail = r.readMail(m)
	f.Retain, f.SLA = r.readRetain(m), r.readSLA(m, f.Zone)
	f.ArchiveAfter = r.readArchiveAfter(m)
	f.Approval, f.LatestPer = r.readApproval(m), r.readLatestPer(m)
	f.AgentsRevoke = r.readWord(m, "revoke", "admins", "admins", "agents") == "agents"
	if f.Name != "" && !systemName().MatchString(f.Name) {
		r.addMistake(m.entries["name"].value, "%q cannot be a name: begin with a lower-case letter, go on with lower-case letters, digits, - and _", f.Name)
	}
	f.Sections = r.readSections(m)
	f.Layout = r.readWord(m, "layout", usualLayout(f.Sections), formstep.Steps, formstep.Page)
	f.Checks = r.readChecks(m)
	f.Second, f.FirstByProgram = r.readSecondApproval(m)
	f.SecondLook = r.readSecondLook(m)
	f.Grant, f.Steps = r.readGrant(m, f), r.readSteps(m)
	f.Reasons, f.Queues = r.readReasons(m), r.readQueues(m)
	f.Rules, f.Examples = r.readRules(m), r.readExamples(m)
	f.List, f.Compare = r.readFieldList(m, f), r.readCompare(m)
	f.Reads = r.readReads(m)
	return f
}

var systemName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9_-]{0,62}$`) })

// readZone reads the time zone in which "today" is meant.
func (r *reader) readZone(m mapping) *time.Location {
	name := r.readText(m, "time_zone")
	if name == "" {
		return time.UTC
	}
	zone, err := time.LoadLocation(name)
	if err != nil || strings.EqualFold(name, "local") {
		r.addMistake(m.entries["time_zone"].value, "unknown time zone %q; use a name such as Europe/Berlin, Asia/Ho_Chi_Minh or UTC", name)
		return time.UTC
	}
	return zone
}

// readFieldList reads which fields tell tickets apart in a list: the first text field when the file does not say.
func (r *reader) readFieldList(m mapping, f *form.Form) []string {
	if _, given := m.entries["list"]; given {
		return r.readFieldNames(m, "list")
	}
	for _, section := range f.Sections {
		for _, field := range section.Fields {
			if field.Type == form.Text {
				return []string{field.Name}
			}
		}
	}
	return nil
}

// readFieldNames reads an optional list of field names, each of which the form must have.
func (r *reader) readFieldNames(m mapping, key string) []string {
	var names []string
	for _, n := range r.readList(m, key) {
		if !r.checkKind(n, yaml.ScalarNode, "a field name") {
			continue
		}
		r.deferCheck(func(*form.Form) { r.checkField(n) })
		names = append(names, n.Value)
	}
	return names
}

// checkField reports whether a field has the name at n, and notes when none has.
func (r *reader) checkField(n *yaml.Node) bool {
	_, ok := r.fields[n.Value]
	if !ok {
		r.addMistake(n, "no field is named %q%s", n.Value, spelling.Suggestion(n.Value, r.fieldNames()))
	}
	return ok
}
