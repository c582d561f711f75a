package erasure_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/internal/form"
	"docket/internal/postgres"
	"docket/internal/testkit/testsite"
)

// insertEnded adds the latest approval of a user for a subject, which ended at a time.
func insertEnded(t *testing.T, s *testsite.Site, user string, end time.Time) uuid.UUID {
	t.Helper()
	id := uuid.Must(uuid.NewV7())
	err := postgres.Transact(t.Context(), s.Instances[0].Primary, func(tx pgx.Tx) error { // an instance would note the end itself
		_, err := tx.Exec(t.Context(), `WITH latest AS (
				INSERT INTO user_tickets (user_id, ticket_id, extra, decided_by, subject, valid_until_ms, created_at_ms, updated_at_ms)
				VALUES ($1, $2::uuid, '{"full_name": "X"}', 'agent:a', 'crm', $3::bigint, $3::bigint - 1000, $3::bigint - 1000)
			)
			INSERT INTO tickets (id, user_id, status, version, extra, subject, valid_until_ms, created_at_ms, updated_at_ms, decided_by, decided_at_ms)
			VALUES ($2, $1, 'approved', 2, '{"full_name": "X"}', 'crm', $3, $3::bigint - 1000, $3::bigint - 1000, 'agent:a', $3::bigint - 1000)`, user, id, end.UnixMilli())
		if err == nil {
			_, err = tx.Exec(t.Context(), "UPDATE tickets SET version = version + 1, expired_at_ms = $2 WHERE id = $1", id, end.UnixMilli())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// remains is how often a user is still known as approved, or a ticket says what it was for.
func remains(t *testing.T, s *testsite.Site, user string) (n int) {
	t.Helper()
	err := s.Instances[0].Primary.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM user_tickets WHERE user_id = $1) + (SELECT count(*) FROM user_subject_tickets WHERE user_id = $1)
		+ (SELECT count(*) FROM tickets WHERE user_id = $1 AND subject <> '')`, user).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestRetention_EndedApproval(t *testing.T) {
	t.Parallel()
	s := start(t)
	e, now := s.Instances[0].Erasures, time.Now()
	insertEnded(t, s, "long ago", now.AddDate(-2, 0, 0))
	insertEnded(t, s, "lately", now.AddDate(0, -1, 0))
	due, err := e.EraseDue(t.Context(), form.Retain{Approved: form.Period{Years: 1}}, now)
	if err != nil || len(due) != 1 || due[0].Count != 1 {
		t.Errorf("erased %+v, %v; want one approval", due, err)
	}
	if n := remains(t, s, "long ago"); n != 0 {
		t.Errorf("%d traces of the one that ended long ago", n)
	}
	if n := remains(t, s, "lately"); n != 3 {
		t.Errorf("%d traces of the one that ended lately, want its row, that of its subject, and the ticket", n)
	}
}

func TestEraseUser_Subjects(t *testing.T) {
	t.Parallel()
	s := start(t)
	insertEnded(t, s, "ann", time.Now().Add(-time.Hour))
	if _, _, err := s.Instances[0].Erasures.EraseUser(t.Context(), "ann", by, "request"); err != nil {
		t.Fatal(err)
	}
	if n := remains(t, s, "ann"); n != 0 {
		t.Errorf("%d traces", n)
	}
}
