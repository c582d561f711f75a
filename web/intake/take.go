package intake

import (
	"context"
	"maps"
	"strings"

	"github.com/google/uuid"

	"docket/internal/evidence"
	"docket/internal/form"
	"docket/internal/form/finding"
)

// TakeRead names what a page sends to take answers that were read: the field of a photo, or takeAll for every photo, for all that is not
// answered yet; behind a slash one field, whose answer is replaced.
const (
	TakeRead = "take"
	takeAll  = "all"
)

// Take answers what a page asks to take of what was read. Answers that are known and cannot be changed stay.
func (in *Intake) Take(ctx context.Context, sent *FormInput) error {
	photo, only, _ := strings.Cut(sent.Text(TakeRead), "/")
	delete(sent.Input, TakeRead)
	draft, err := in.Files.Draft(ctx, sent.Draft())
	if err != nil {
		return err
	}
	given := form.Input{}
	maps.Copy(given, draft.Answers)
	maps.Copy(given, sent.Input)
	readings, err := in.readingsIn(ctx, sent.UserID, given)
	if err != nil {
		return err
	}
	sent.Taken = map[string]bool{}
	for _, one := range finding.Of(in.Form, given, readings, in.Form.ValuesOf(nil, in.Now()).Today()) {
		wanted := only == one.Field.Name || only == "" && one.Proposes()
		if wanted && one.Answer != "" && (photo == takeAll || photo == one.Source.File) {
			sent.Set(one.Field.Name, one.Answer)
			sent.Taken[one.Field.Name] = true
		}
	}
	sent.Lock(sent.Input)
	return nil
}

// readingsIn is what was read of the photos that answers of a user name, under the names of their fields.
func (in *Intake) readingsIn(ctx context.Context, userID string, given form.Input) (map[string]evidence.Reading, error) {
	var ids []uuid.UUID
	places := map[string]string{}
	for _, name := range in.Form.Uploads() {
		for _, text := range fileIDs(given.Values(name)) {
			id := uuid.MustParse(text)
			ids, places[id.String()] = append(ids, id), name
		}
	}
	found, err := in.Files.OfUser(ctx, userID, ids...)
	return readingsOf(found, places), err
}
