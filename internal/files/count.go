package files

import (
	"context"

	"docket/db"
	"docket/internal/postgres"
)

// countFile counts a file before anything is done for it. It returns ErrTooMany when its user has sent too many in a day.
func (f *Files) countFile(ctx context.Context, userID string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), countTimeout) // files before it in the form may have taken long to arrive
	defer cancel()
	counted, err := f.q.DailyCountAdd(ctx, f.primary, db.DailyCountAddParams{UserID: userID, Kind: "files", Most: MaxPerDay})
	switch {
	case err != nil:
		return postgres.WrapError("count a file", err)
	case counted == 0:
		return ErrTooMany
	}
	return nil
}

// returnCount takes back what countFile counted, when a file was neither stored nor refused, which is not its user's fault.
func (f *Files) returnCount(ctx context.Context, userID string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), countTimeout)
	defer cancel()
	_ = f.q.DailyCountReturn(ctx, f.primary, db.DailyCountReturnParams{UserID: userID, Kind: "files"}) // else one file less until tomorrow
}
