package account

import (
	"context"

	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

const checkBatches = 4 // of sessions at a time

// query is the row of a session; nil when there is none. Sessions of requests that pages make by themselves are read together:
// hundreds of event streams come at once, such as after a restart, and each asks again and again. Others are not kept
// waiting for them.
func (s *Sessions) query(ctx context.Context, params db.SessionGetParams) (*db.SessionGetRow, error) {
	if !params.Touch && !ticket.IsUrgent(ctx) {
		return s.checks.Send(ctx, params)
	}
	var row *db.SessionGetRow
	err := postgres.RunWrite(ctx, s.primary, func(conn *pgx.Conn) error {
		rows, err := s.queryAll(ctx, conn, []db.SessionGetParams{params})
		if err == nil {
			row = rows[0]
		}
		return err
	})
	return row, err
}

// queryAll returns a row for each session, nil for those that there are not.
func (s *Sessions) queryAll(ctx context.Context, on db.DBTX, params []db.SessionGetParams) (rows []*db.SessionGetRow, err error) {
	found := s.q.SessionGet(ctx, on, params)
	found.QueryRow(func(_ int, row db.SessionGetRow, err error) {
		if err != nil {
			rows = append(rows, nil)
			return
		}
		rows = append(rows, &row)
	})
	return rows, found.Close()
}
