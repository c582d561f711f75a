package store

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// submitAlone adds a ticket, assigns it the files that it names and decides it if a rule does, or does nothing at all.
// missing says that not all of the files may be assigned to it.
func (s *Store) submitAlone(ctx context.Context, made newTicket) (row db.Ticket, missing bool, err error) {
	err = postgres.Transact(ctx, s.pool, func(tx pgx.Tx) error {
		row, missing, err = s.submitInTx(ctx, tx, made)
		return err
	})
	return row, missing, err
}

func (s *Store) submitInTx(ctx context.Context, tx pgx.Tx, made newTicket) (row db.Ticket, missing bool, err error) {
	if row, err = firstTicket(s.submitBatch(ctx, tx, []newTicket{made})); err != nil {
		return row, false, err
	}
	if missing, err = s.assignFiles(ctx, tx, row, made.Files); err != nil {
		return row, missing, err
	}
	if row, err = s.evaluate(ctx, tx, row, made.Submission); err != nil {
		return row, missing, err
	}
	return row, missing, s.addSteps(ctx, tx, row, made.Steps)
}

// assignFiles assigns a new ticket the files that it names. missing says that not all of them may be.
func (s *Store) assignFiles(ctx context.Context, tx pgx.Tx, row db.Ticket, files ticket.Files) (missing bool, err error) {
	if len(files) == 0 {
		return false, nil
	}
	params := db.FileAssignParams{TicketID: &row.ID, UserID: row.UserID}
	for field, ids := range files {
		for _, id := range ids {
			params.Fields, params.Ids = append(params.Fields, field), append(params.Ids, id)
		}
	}
	taken, err := s.q.FileAssign(ctx, tx, params)
	if missing = err == nil && taken != int64(len(params.Ids)); missing {
		return true, pgx.ErrNoRows // so that the transaction is rolled back
	}
	return false, err
}

// sameContent reports whether a submission repeats the one that made a ticket. A file that was sent again has another id: it
// is the same when its SHA-256 is.
func (s *Store) sameContent(ctx context.Context, row db.Ticket, sub ticket.Submission) (bool, error) {
	if bytes.Equal(row.SubmissionHash, fingerprint(sub)) {
		return true, nil
	}
	if len(sub.Files) == 0 {
		return false, nil
	}
	params := db.FileListSameParams{TicketID: row.ID, UserID: sub.UserID}
	for _, ids := range sub.Files {
		params.Ids = append(params.Ids, ids...)
	}
	pairs, err := s.q.FileListSame(ctx, s.pool, params)
	if err != nil {
		return false, err
	}
	sub.Extra = withEarlierFiles(sub.Extra, row.Extra, pairs)
	return bytes.Equal(row.SubmissionHash, fingerprint(sub)), nil
}

// withEarlierFiles is the answers of a submission with the files of an earlier one in the place of those with the same bytes. Where several
// have the same bytes, as in two rows of a group, they are taken in the order in which the answers name them.
func withEarlierFiles(extra, earlier []byte, pairs []db.FileListSameRow) []byte {
	slices.SortStableFunc(pairs, func(a, b db.FileListSameRow) int {
		return cmp.Or(
			cmp.Compare(bytes.Index(extra, quoteID(a.ID)), bytes.Index(extra, quoteID(b.ID))),
			cmp.Compare(bytes.Index(earlier, quoteID(a.FileID)), bytes.Index(earlier, quoteID(b.FileID))),
		)
	})
	var replaced []string
	given, taken := map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
	for _, pair := range pairs {
		if !given[pair.ID] && !taken[pair.FileID] {
			given[pair.ID], taken[pair.FileID] = true, true
			replaced = append(replaced, string(quoteID(pair.ID)), string(quoteID(pair.FileID)))
		}
	}
	return []byte(strings.NewReplacer(replaced...).Replace(string(extra)))
}

func quoteID(id uuid.UUID) []byte { return []byte(`"` + id.String() + `"`) }
