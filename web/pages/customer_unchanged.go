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

// refusedAgain are what a page asks at which a reason of the previous rejection points after which nothing was changed: all answers at
// which it points are the same.
func (p *Pages) refusedAgain(ctx context.Context, sent intake.FormInput) (map[string]bool, error) {
	same, err := p.sameAnswers(ctx, sent)
	if err != nil || len(same) == 0 {
		return nil, err
	}
	before, again := p.Form.InputFromAnswers(sent.Previous.Extra), map[string]bool{}
	for _, code := range sent.Previous.Decision.Reasons {
		refused := p.refusedInputs(sent, code)
		if slices.ContainsFunc(refused, func(name string) bool { return !same[name] && typedAt(sent.Input, name) != typedAt(before, name) }) {
			continue
		}
		for _, name := range refused {
			if field, _ := p.Form.Field(name); same[name] && !slices.Contains(refused, field.Cell.Group) {
				again[name] = true
			}
		}
	}
	return again, nil
}

// refusedInputs are what a page asks at which a reason of the previous rejection points.
func (p *Pages) refusedInputs(sent intake.FormInput, code string) []string {
	d := sent.Previous.Decision
	d.Reasons = []string{code}
	return p.Form.RefusedInputs(d, p.Form.InputFromAnswers(sent.Previous.Extra))
}

// sameAnswers are the inputs for which the previous attempt was rejected and whose answer is the same now: of a file, the same bytes as
// they were sent.
func (p *Pages) sameAnswers(ctx context.Context, sent intake.FormInput) (map[string]bool, error) {
	same := map[string]bool{}
	if sent.Previous == nil {
		return same, nil
	}
	before := p.Form.InputFromAnswers(sent.Previous.Extra)
	var uploads []string
	for _, code := range sent.Previous.Decision.Reasons {
		for _, name := range p.refusedInputs(sent, code) {
			if field, _ := p.Form.Field(name); field.Type.Upload() {
				uploads = append(uploads, name)
			} else if text := typedAt(sent.Input, name); text != "" && text == typedAt(before, name) {
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
	before, err := p.Intake.FilesOf(ctx, *sent.Previous)
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

// typedAt is what is typed for an input, without needless spaces.
func typedAt(given form.Input, name string) string {
	return tidySpaces(strings.Join(given.Values(name), " "))
}

func tidySpaces(text string) string { return strings.Join(strings.Fields(text), " ") }
