package intake

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/ticket"
)

// Saved is what became of a draft that a page saved.
type Saved struct {
	Baseline  Baseline          // of the page from now on
	Conflicts map[string]string // field name → what another page saved there; that was not replaced
}

// saveAttempts is how often a draft is merged anew, because others save it at the same time.
const saveAttempts = 5

// SaveDraft saves what was changed on a page. What another page has changed meanwhile is a conflict and stays. The draft of a
// submission that was sent is not saved any more. One that is too long is form.Invalid, in the language given.
func (in *Intake) SaveDraft(ctx context.Context, sent FormInput, language string) (Saved, error) {
	for range saveAttempts {
		draft, err := in.Files.Draft(ctx, sent.Draft())
		if err != nil {
			return Saved{}, err
		}
		merge := draftMerge{draft: draft, sent: sent, conflicts: map[string]string{}}
		in.mergeDraft(&merge)
		saved := Saved{sent.Baseline.saved(merge.draft.Version, sent.Input, merge.conflicts), merge.conflicts}
		if !merge.changed {
			return saved, nil
		}
		if err := in.Form.In(language).CheckDraft(merge.draft.Answers); err != nil {
			return Saved{}, err
		}
		merge.draft.SubmissionID = sent.SubmissionID
		ok, err := in.Files.SaveDraft(ctx, sent.Draft(), merge.draft)
		if err != nil || ok {
			saved.Baseline.version++
			return saved, err
		}
	}
	return Saved{Baseline: sent.Baseline}, in.checkUnsent(ctx, sent)
}

// checkUnsent returns ticket.ErrOverloaded unless a draft could not be saved because its submission was sent.
func (in *Intake) checkUnsent(ctx context.Context, sent FormInput) error {
	was, err := in.Files.Submitted(ctx, sent.Draft(), sent.SubmissionID)
	if err == nil && !was {
		return ticket.ErrOverloaded
	}
	return err
}

// draftMerge puts what a page sent into a draft.
type draftMerge struct {
	draft     files.Draft
	sent      FormInput
	conflicts map[string]string
	changed   bool
}

func (in *Intake) mergeDraft(m *draftMerge) {
	if m.draft.Answers == nil {
		m.draft.Answers = form.Input{}
	}
	if m.draft.Pages == nil {
		m.draft.Pages = map[string]string{}
	}
	for field := range in.Form.Inputs() {
		if m.sent.Asked != nil && !m.sent.Asked[field.Name] || in.answeredTwice(m.sent, field.Name) {
			continue
		}
		m.mergeField(in.Form, field)
	}
	if m.sent.WholeForm && !m.draft.Answers.Has("all") {
		m.set("all", []string{"1"})
	}
}

// mergeField puts the answer to one field into the draft, if the page has changed it or the draft has none.
func (m *draftMerge) mergeField(f *form.Form, field form.Field) {
	name, base := field.Name, m.sent.Baseline
	given := cleanTexts(m.sent.Values(name))
	saved, there := m.draft.Answers[name]
	shown, known := base.hashes[name]
	if m.sent.Taken[name] {
		m.set(name, given)
		return
	}
	here, later := m.writtenHere(name)
	if later {
		return
	}
	if field.Rows != nil {
		if all := m.mergeRows(field, given); hashTexts(given) != shown && hashTexts(all) != hashTexts(saved) {
			m.set(name, all)
		}
		return
	}
	switch hash := hashTexts(given); {
	case base.hashes == nil && (len(given) > 0 || there && m.sent.Has(name)) && !(there && field.Type.Upload()): // a page of the release before
		m.set(name, given)
	case field.Type.Upload() || !known || hash == shown && !(here && m.sent.Has(name)): // not changed here
		if !there && len(given) > 0 && (base.version == 0 || !known) {
			m.set(name, given)
		}
	case hash == hashTexts(saved) || m.sent.Text("draft-take") == name:
	case !there || hashTexts(saved) == shown || here || m.sent.Text("draft-keep") == name:
		m.set(name, given)
	default:
		m.conflicts[name] = f.ShowInput(name, saved)
	}
}

// writtenHere reports whether the page itself has written the answer to a field last, and whether what it had read for that is newer
// than what it sends: requests of a page overtake each other, as a photo takes longer than what is typed meanwhile.
func (m *draftMerge) writtenHere(name string) (here, later bool) {
	page, at, _ := strings.Cut(m.draft.Pages[name], " ")
	if page != m.sent.Baseline.page {
		return false, false
	}
	last, err := strconv.ParseInt(at, 10, 64)
	return true, err == nil && m.sent.ReadAt != 0 && m.sent.ReadAt < last
}

// mergeRows is which rows a group has: those of the page, and those that the draft has and the page does not remove.
func (m *draftMerge) mergeRows(group form.Field, given []string) []string {
	removed := m.sent.Text(form.RemoveRow)
	for _, slot := range m.draft.Answers.Values(group.Name) {
		if slot != "" && !slices.Contains(given, slot) && group.Name+"."+slot != removed {
			given = append(given, slot)
		}
	}
	return given
}

func (m *draftMerge) set(name string, texts []string) {
	if len(texts) == 0 {
		texts = []string{""} // cleared, which is not the same as never answered
	}
	page := m.sent.Baseline.page
	if m.sent.ReadAt != 0 {
		page += " " + strconv.FormatInt(m.sent.ReadAt, 10)
	}
	m.draft.Answers[name], m.draft.Pages[name], m.changed = texts, page, true
}

// storableText is typed text without what PostgreSQL cannot keep, with plain line ends.
func storableText(text string) string {
	return strings.NewReplacer("\x00", "", "\r\n", "\n").Replace(strings.ToValidUTF8(text, ""))
}

// HasText reports whether more was sent than files.
func (in *Intake) HasText(sent FormInput) bool {
	for name := range sent.Input {
		if field, known := in.Form.Field(name); known && !field.Type.Upload() {
			return true
		}
	}
	return false
}
