package report

import (
	"context"
	"fmt"
	"math"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"docket/db"
	"docket/internal/postgres"
)

const (
	bytesStep    = 500 // files between two looks at the database
	bytesAtOnce  = 16  // files that the storage is asked for at a time
	mostProblems = math.MaxInt32
)

// verifyFiles compares what tickets name, and what people have seen, with the files that are there.
func (v verification) verifyFiles(ctx context.Context) error {
	var problems []string
	err := withStatementTimeout(ctx, v.pool, commandTimeout, func(tx pgx.Tx) (err error) {
		problems, err = v.q.VerifyFiles(ctx, tx, mostProblems)
		return err
	})
	if err != nil {
		return postgres.WrapError("verify files", err)
	}
	return v.reportProblems(problems, 0)
}

// VerifyBytes asks the storage for each file that is said to be stored, and calls found with each of which nothing is there.
// missing reports whether nothing is stored under a name. An error of found or of missing ends it.
func VerifyBytes(ctx context.Context, pool *postgres.Pool, missing func(ctx context.Context, blob string) (bool, error), found func(problem string) error) error {
	q := db.New()
	for after := uuid.Nil; ; {
		rows, err := q.VerifyFileList(ctx, pool, db.VerifyFileListParams{AfterID: after, Most: bytesStep})
		if err != nil {
			return postgres.WrapError("list files", err)
		}
		if len(rows) == 0 {
			return nil
		}
		lost, err := findLost(ctx, rows, missing)
		if err != nil {
			return err
		}
		for _, id := range lost {
			kept, err := q.VerifyFileKept(ctx, pool, id) // it may have been deleted meanwhile
			if err != nil {
				return postgres.WrapError("read a file", err)
			}
			if !kept {
				continue
			}
			if err := found(fmt.Sprintf("file %s has no bytes in the storage", id)); err != nil {
				return err
			}
		}
		after = rows[len(rows)-1].ID
	}
}

// findLost returns the files of which nothing is stored, in their order.
func findLost(ctx context.Context, rows []db.VerifyFileListRow, missing func(ctx context.Context, blob string) (bool, error)) (lost []uuid.UUID, err error) {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(bytesAtOnce)
	gone := make([]bool, len(rows))
	for i, row := range rows {
		g.Go(func() (err error) {
			if gone[i], err = missing(ctx, row.Blob); err != nil {
				err = fmt.Errorf("look for the bytes of the file %s: %w", row.ID, err)
			}
			return err
		})
	}
	err = g.Wait()
	for i, row := range rows {
		if gone[i] {
			lost = append(lost, row.ID)
		}
	}
	return lost, err
}
