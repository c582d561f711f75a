package pages

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"docket/internal/files"
	"docket/internal/form"
	"docket/web/intake"
)

// refusedAgain are the fields of the reasons of the previous rejection after which nothing was changed: all answers at which the reason
// points are the same. For fields in rows it is their group.
func (p *Pages) refusedAgain(ctx context.Context, sent intake.FormInput) (map[string]bool, error) {
	same, err := p.sameAnswers(ctx, sent)
	if err != nil || len(same) == 0 {
		return nil, err
	}
	before, again := p.Form.InputFromAnswers(sent.Previous.Extra), map[string]bool{}
	for _, code := range sent.Previous.Decision.Reasons {
		reason, _ := p.Form.Reason(code)
		if slices.ContainsFunc(reason.Fields, func(name string) bool {
			return !same[name] && p.typedAt(sent.Input, name) != p.typedAt(before, name)
		}) {
			continue
		}
		for _, name := range reason.Fields {
			if same[name] {
				group, _, _ := strings.Cut(name, ".")
				again[group] = true
			}
		}
	}
	return again, nil
}

// sameAnswers are the fields for which the previous attempt was rejected and whose answer is the same now: of a file, the same bytes as
// they were sent.
func (p *Pages) sameAnswers(ctx context.Context, sent intake.FormInput) (map[string]bool, error) {
	same := map[string]bool{}
	if sent.Previous == nil {
		return same, nil
	}
	before := p.Form.InputFromAnswers(sent.Previous.Extra)
	var uploads []string
	for _, code := range sent.Previous.Decision.Reasons {
		reason, _ := p.Form.Reason(code)
		for _, name := range reason.Fields {
			if field, _ := p.Form.Field(name); field.Type.Upload() {
				uploads = append(uploads, name)
			} else if text := p.typedAt(sent.Input, name); text != "" && text == p.typedAt(before, name) {
				same[name] = true
			}
		}
	}
	return same, p.addSameFiles(ctx, sent, uploads, same)
}

// addSameFiles adds those of some fields for which the previous attempt had the same bytes.
func (p *Pages) addSameFiles(ctx context.Context, sent intake.FormInput, fields []string, same map[string]bool) error {
	var ids []uuid.UUID
	for _, name := range fields {
		ids = append(ids, fileIDs(sent.Values(name))...)
	}
	if len(ids) == 0 {
		return nil
	}
	before, err := p.Files.OfTicket(ctx, sent.Previous.ID)
	if err != nil {
		return err
	}
	found, err := p.Files.OfUser(ctx, sent.UserID, ids...)
	if err != nil {
		return err
	}
	for _, name := range fields {
		var now []files.File
		for _, id := range fileIDs(sent.Values(name)) {
			now = append(now, found[id])
		}
		if sameBytes(now, before[name]) {
			same[name] = true
		}
	}
	return nil
}

// sameBytes reports whether two lists of files, neither of them empty, have the same bytes, in whatever order.
func sameBytes(a, b []files.File) bool {
	sums := func(list []files.File) (texts []string) {
		for _, file := range list {
			texts = append(texts, string(file.Signals.SHA256[:]))
		}
		slices.Sort(texts)
		return texts
	}
	return len(a) > 0 && slices.Equal(sums(a), sums(b))
}

// findUnconfirmed finds the fields of a rejection of which nothing was changed, unless their user has been told and sends them all the
// same: then the form may be sent, and there are none. Another mistake is shown first.
func (p *Pages) findUnconfirmed(ctx context.Context, sent intake.FormInput) map[string]bool {
	if !sent.TellsSame {
		return nil
	}
	same, err := p.refusedAgain(ctx, sent)
	if err != nil || len(same) == 0 { // what cannot be compared now does not hold anybody up
		return nil
	}
	if _, err := p.Form.Check(sent.Input, p.Now()); err != nil {
		return nil
	}
	return same
}

// typedAt is what is typed for a field, without needless spaces: for a group in all of its rows, for a field of a group in each row.
func (p *Pages) typedAt(input form.Input, name string) string {
	group, _, inside := strings.Cut(name, ".")
	if field, _ := p.Form.Field(name); !inside && field.Type != form.Group {
		return tidySpaces(input.Text(name))
	}
	typed := slices.Clone(input[group])
	for field := range p.Form.Inputs() {
		if field.Cell.Group == group && (name == group || name == form.InAnyRow(field.Name)) {
			typed = append(typed, tidySpaces(strings.Join(input[field.Name], " ")))
		}
	}
	return strings.TrimSpace(strings.Join(typed, "\n"))
}

func tidySpaces(text string) string { return strings.Join(strings.Fields(text), " ") }
