package store_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/store"
)

func mustExec(t *testing.T, on db.DBTX, sql string, args ...any) {
	t.Helper()
	if _, err := on.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// addApproval adds the latest approval of ann, for a subject; nil: it does not end.
func addApproval(t *testing.T, on db.DBTX, subject string, atMs int64, endMs *int64) (id uuid.UUID) {
	t.Helper()
	id = uuid.New()
	mustExec(t, on, `WITH latest AS (
			INSERT INTO user_tickets AS u (user_id, ticket_id, extra, decided_by, subject, valid_until_ms, created_at_ms, updated_at_ms)
			VALUES ('ann', $1::uuid, '{}', 'agent:a', $2, $4, $3, $3)
			ON CONFLICT (user_id) DO UPDATE SET ticket_id = excluded.ticket_id, subject = excluded.subject, valid_until_ms = excluded.valid_until_ms, updated_at_ms = excluded.updated_at_ms
		)
		INSERT INTO tickets (id, user_id, status, version, extra, subject, valid_until_ms, created_at_ms, updated_at_ms, decided_by, decided_at_ms)
		VALUES ($1, 'ann', 'approved', 2, '{}', $2, $4, $3, $3, 'agent:a', $3)`, id, subject, atMs, endMs)
	return id
}

func begin(t *testing.T, p *postgres.Pool) pgx.Tx {
	t.Helper()
	tx, err := p.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }) // it may have been committed
	return tx
}

// wantExpired fails unless the end of so many approvals was noted.
func wantExpired(t *testing.T, p *postgres.Pool, want int) {
	t.Helper()
	if n := count(t.Context(), t, p, "SELECT count(*) FROM ticket_events WHERE kind = 'expired'"); n != want {
		t.Errorf("the end of %d approvals was noted, want %d", n, want)
	}
}

// expireDuring has a transaction commit while ExpireDue waits for it.
func expireDuring(t *testing.T, d *store.Store, p *postgres.Pool, tx pgx.Tx) {
	t.Helper()
	expired := make(chan error, 1)
	go func() {
		_, err := retry(func() ([]string, error) { return d.ExpireDue(t.Context()) })
		expired <- err
	}()
	for count(t.Context(), t, p, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 0 {
		select {
		case err := <-expired:
			t.Fatalf("it did not wait: %v", err)
		default:
		}
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-expired; err != nil {
		t.Error(err)
	}
}

func TestExpireDue_ApprovedMeanwhile(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	addApproval(t, p, "", 1000, new(int64(2000)))
	tx := begin(t, p)
	addApproval(t, tx, "", 1500, nil)
	expireDuring(t, d, p, tx)
	wantExpired(t, p, 0)
}

func TestExpireDue_RevokedMeanwhile(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	ended := addApproval(t, p, "crm", 1000, new(int64(2000)))
	addApproval(t, p, "shop", 1500, nil) // the latest of the user, whose row is not locked by the revocation
	tx := begin(t, p)
	mustExec(t, tx, `UPDATE tickets SET status = 'revoked', version = version + 1, revoked_by = 'agent:admin', updated_at_ms = updated_at_ms + 1,
		reject_reason = 'forged', reject_reasons = '{forged}', reject_class = 'retry', reject_comment = 'It is forged.' WHERE id = $1`, ended)
	expireDuring(t, d, p, tx)
	wantExpired(t, p, 0)
}

// Of two instances one notes the end, and the other goes on at once.
func TestExpireDue_TwoInstances(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	addApproval(t, p, "", 1000, new(int64(2000)))
	tx := begin(t, p)
	mustExec(t, tx, "SELECT FROM expire_approvals(10)")
	if users, err := d.ExpireDue(t.Context()); err != nil || len(users) != 0 {
		t.Errorf("the other instance: users %q, %v; want none", users, err)
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantExpired(t, p, 1)
}
