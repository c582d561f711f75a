package files

import (
	"context"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/photo"
	"docket/internal/postgres"
)

const (
	// TwinsMost is how many twins of a file are looked for.
	TwinsMost = 10

	twinsTime = 500 * time.Millisecond // for all that is looked for at once
	compared  = 500                    // pictures, the newest, for each part of a hash
	parts     = 5                      // of a hash, each with an index
)

// Of more parts than differing bits one at least is the same. Otherwise this does not compile.
const _ = uint(parts - photo.Apart)

// Twin is a file of another user that is the same file, or a picture that looks the same.
type Twin struct {
	UserID string
	Ticket uuid.UUID // the last one that names it
	Exact  bool      // the same byte for byte, as it was sent
}

// Twins looks for files of other users' tickets that are the same as these, no more than TwinsMost for each, exact ones
// first. It is a hint for people: of many pictures that resemble a file only the newest are compared with it.
func (f *Files) Twins(ctx context.Context, ids ...uuid.UUID) (map[uuid.UUID][]Twin, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, twinsTime)
	defer cancel()
	rows, err := f.q.FileTwins(ctx, f.primary, db.FileTwinsParams{Ids: ids, Most: TwinsMost, Compared: compared, Bits: photo.Apart - 1})
	if err != nil {
		return nil, postgres.WrapError("look for the same files", err)
	}
	twins := map[uuid.UUID][]Twin{}
	for _, row := range rows {
		twins[row.ID] = append(twins[row.ID], Twin{row.UserID, *row.TicketID, row.Exact})
	}
	return twins, nil
}
