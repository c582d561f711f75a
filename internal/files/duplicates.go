package files

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/photo"
	"docket/internal/postgres"
)

const (
	// MaxDuplicates is how many duplicates of a file are looked for.
	MaxDuplicates = 10

	duplicatesTimeout = 500 * time.Millisecond // for all files of one call
	duplicatesTrips   = 3                      // and as many round trips: to ping, to prepare, to ask
	maxCompared       = 500                    // newest pictures, for each part of a hash
	hashParts         = 5                      // of a hash, each with an index
)

// Of more parts than differing bits one at least is the same. Otherwise this does not compile.
const _ = uint(hashParts - photo.DistinctBits)

// Duplicate is a file of another user that is the same file, or a picture that looks the same.
type Duplicate struct {
	File   uuid.UUID
	UserID string
	Ticket uuid.UUID // the last one that names it
	Exact  bool      // the same bytes, as they were sent
}

// Duplicates looks for files of other users' tickets that are the same as these, no more than MaxDuplicates for each, exact ones
// first. It is a hint for people: of many pictures that are alike only the newest are compared.
func (f *Files) Duplicates(ctx context.Context, ids ...uuid.UUID) (map[uuid.UUID][]Duplicate, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, duplicatesTimeout+postgres.Trips(f.primary, duplicatesTrips))
	defer cancel()
	asked := make([]db.FileDuplicatesParams, len(ids))
	for i, id := range ids {
		asked[i] = db.FileDuplicatesParams{ID: id, Most: MaxDuplicates, Compared: maxCompared, Bits: photo.DistinctBits - 1}
	}
	duplicates := map[uuid.UUID][]Duplicate{}
	err := postgres.RunWrite(ctx, f.primary, func(conn *pgx.Conn) error {
		clear(duplicates)
		batch := f.q.FileDuplicates(ctx, conn, asked)
		batch.Query(func(i int, rows []db.FileDuplicatesRow, _ error) { // Close returns the error
			for _, row := range rows {
				duplicates[ids[i]] = append(duplicates[ids[i]], Duplicate{row.ID, row.UserID, *row.TicketID, row.Exact})
			}
		})
		return batch.Close()
	})
	if err != nil {
		return nil, postgres.WrapError("look for the same files", err)
	}
	return duplicates, nil
}
