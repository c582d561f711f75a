package pages

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"docket/web/intake"
)

// refusedAgain are the fields of the reasons of the previous rejection after which nothing was changed: all answers at which the reason
// points are the same.
func (p *Pages) refusedAgain(ctx context.Context, sent intake.FormInput) (map[string]bool, error) {
	same, err := p.sameAnswers(ctx, sent)
	if err != nil || len(same) == 0 {
		return nil, err
	}
	before, again := p.Form.InputFromAnswers(sent.Previous.Extra), map[string]bool{}
	for _, code := range sent.Previous.Decision.Reasons {
		reason, _ := p.Form.Reason(code)
		if slices.ContainsFunc(reason.Fields, func(name string) bool {
			return !same[name] && tidySpaces(sent.Text(name)) != tidySpaces(before.Text(name))
		}) {
			continue
		}
		for _, name := range reason.Fields {
			if same[name] {
				again[name] = true
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
			} else if text := tidySpaces(sent.Text(name)); text != "" && text == tidySpaces(before.Text(name)) {
				same[name] = true
			}
		}
	}
	return same, p.addSameFiles(ctx, sent, uploads, same)
}

// addSameFiles adds those of some fields for which the previous attempt had the same bytes.
func (p *Pages) addSameFiles(ctx context.Context, sent intake.FormInput, fields []string, same map[string]bool) error {
	ids := map[string]uuid.UUID{}
	for _, name := range fields {
		if id, err := uuid.Parse(sent.Text(name)); err == nil {
			ids[name] = id
		}
	}
	if len(ids) == 0 {
		return nil
	}
	before, err := p.Files.OfTicket(ctx, sent.Previous.ID)
	if err != nil {
		return err
	}
	for name, id := range ids {
		now, err := p.Files.OfUser(ctx, sent.UserID, id)
		if err != nil {
			return err
		}
		old, had := before[name]
		if file, has := now[id]; has && had && file.Signals.SHA256 == old.Signals.SHA256 {
			same[name] = true
		}
	}
	return nil
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

func tidySpaces(text string) string { return strings.Join(strings.Fields(text), " ") }
