package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/ticket"
)

// countWindows counts and adds up the user's earlier tickets. It waits for other submissions of the user that do so: of two at once each
// is evaluated with the other, or after it.
func (s *Store) countWindows(ctx context.Context, tx pgx.Tx, userID string, but uuid.UUID, windows []ticket.Window) (map[string]float64, error) {
	if err := s.q.TicketHistoryLock(ctx, tx, userID); err != nil {
		return nil, err
	}
	p := db.TicketHistoryParams{UserID: userID, But: but}
	for _, w := range windows {
		p.Names, p.LengthsMs = append(p.Names, w.Name), append(p.LengthsMs, w.Length.Milliseconds())
		p.Statuses, p.Fields = append(p.Statuses, w.Status), append(p.Fields, w.Field)
	}
	rows, err := s.q.TicketHistory(ctx, tx, p)
	found := make(map[string]float64, len(rows))
	for _, row := range rows {
		found[ticket.WindowKey(row.Name, row.Currency)] = row.Found
	}
	return found, err
}
