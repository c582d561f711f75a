package intake

import (
	"context"
	"maps"
	"strings"

	"github.com/google/uuid"

	"docket/internal/evidence"
	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/form/finding"
)

// TakeRead names what a page sends to take answers that were read: the field of a photo, for all that is not answered yet, and behind a
// slash one field, whose answer is replaced.
const TakeRead = "take"

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
	ids := fileIDs(given.Values(photo))
	if len(ids) != 1 {
		return nil
	}
	found, err := in.Files.OfUser(ctx, sent.UserID, uuid.MustParse(ids[0]))
	if err != nil {
		return err
	}
	sent.Taken = map[string]bool{}
	for _, one := range finding.Of(in.Form, given, readingOf(photo, found), in.Form.ValuesOf(nil, in.Now()).Today()) {
		if one.Answer != "" && (only == one.Field.Name || only == "" && one.Proposes()) {
			sent.Set(one.Field.Name, one.Answer)
			sent.Taken[one.Field.Name] = true
		}
	}
	sent.Lock(sent.Input)
	return nil
}

// readingOf is what was read of the one photo among some files, under the name of its field.
func readingOf(photo string, found map[uuid.UUID]files.File) map[string]evidence.Reading {
	for _, file := range found {
		if file.Field == photo {
			return map[string]evidence.Reading{photo: file.Reading}
		}
	}
	return nil
}
