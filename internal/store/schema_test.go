package store_test

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

func TestImpossibleStatesAreRefusedByTheDatabase(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	open, done := submit(t, d, "ann"), approve(t, d, submit(t, d, "bob"))
	const insert = `INSERT INTO tickets (id, user_id, status, extra, decided_by, decided_at_ms, reject_reason, reject_comment, note) VALUES `
	for name, statement := range map[string]string{
		"approved without a decider":      insert + `(gen_random_uuid(), 'u', 'approved', '{}', NULL, NULL, NULL, NULL, NULL)`,
		"approved, unknown to the user":   insert + `(gen_random_uuid(), 'u', 'approved', '{}', 'agent:a', 1, NULL, NULL, NULL)`,
		"approved with a reject reason":   insert + `(gen_random_uuid(), 'u', 'approved', '{}', 'agent:a', 1, 'other', 'x', NULL)`,
		"rejected without a reason":       insert + `(gen_random_uuid(), 'u', 'rejected', '{}', 'agent:a', 1, NULL, 'x', NULL)`,
		"rejected with an empty reason":   insert + `(gen_random_uuid(), 'u', 'rejected', '{}', 'agent:a', 1, '', 'x', NULL)`,
		"rejected without text":           insert + `(gen_random_uuid(), 'u', 'rejected', '{}', 'agent:a', 1, 'other', NULL, NULL)`,
		"decided by nobody we know":       insert + `(gen_random_uuid(), 'u', 'rejected', '{}', 'a', 1, 'other', 'x', NULL)`,
		"open with a decider":             insert + `(gen_random_uuid(), 'u', 'processing', '{}', 'agent:a', 1, NULL, NULL, NULL)`,
		"open with a note":                insert + `(gen_random_uuid(), 'u', 'processing', '{}', NULL, NULL, NULL, NULL, 'x')`,
		"an unknown status":               insert + `(gen_random_uuid(), 'u', 'lost', '{}', NULL, NULL, NULL, NULL, NULL)`,
		"a user without an id":            insert + `(gen_random_uuid(), '', 'processing', '{}', NULL, NULL, NULL, NULL, NULL)`,
		"a user id of 129 characters":     insert + `(gen_random_uuid(), repeat('x', 129), 'processing', '{}', NULL, NULL, NULL, NULL, NULL)`,
		"answers that are no object":      insert + `(gen_random_uuid(), 'u', 'processing', '[]', NULL, NULL, NULL, NULL, NULL)`,
		"a second open ticket":            insert + `(gen_random_uuid(), 'ann', 'processing', '{}', NULL, NULL, NULL, NULL, NULL)`,
		"a decided ticket changed":        `UPDATE tickets SET note = 'x', version = version + 1 WHERE id = '` + done.ID.String() + `'`,
		"a decided ticket reopened":       `UPDATE tickets SET status = 'processing', version = version + 1, decided_by = NULL, decided_at_ms = NULL WHERE user_id = 'bob'`,
		"an open ticket's answers":        `UPDATE tickets SET extra = '{"a": 1}', status = 'withdrawn', version = version + 1 WHERE user_id = 'ann'`,
		"an open ticket's owner":          `UPDATE tickets SET user_id = 'eve', status = 'withdrawn', version = version + 1 WHERE user_id = 'ann'`,
		"a change without a version":      `UPDATE tickets SET status = 'withdrawn' WHERE user_id = 'ann'`,
		"a jump of the version":           `UPDATE tickets SET status = 'withdrawn', version = 9 WHERE user_id = 'ann'`,
		"an approval without the user":    `UPDATE tickets SET status = 'approved', version = 2, decided_by = 'agent:a', decided_at_ms = now_ms(), updated_at_ms = now_ms() WHERE user_id = 'ann'`,
		"a ticket deleted":                `DELETE FROM tickets WHERE user_id = 'ann'`,
		"all tickets deleted":             `TRUNCATE tickets CASCADE`,
		"history changed":                 `UPDATE ticket_events SET actor = 'agent:b'`,
		"history deleted":                 `DELETE FROM ticket_events`,
		"all history deleted":             `TRUNCATE ticket_events`,
		"history of no ticket":            `INSERT INTO ticket_events VALUES (gen_random_uuid(), 1, 'submitted', 'user:a', 1)`,
		"a latest that is not approved":   `INSERT INTO user_tickets VALUES ('ann', '` + open.ID.String() + `', '{}', 'agent:a', 1, 1)`,
		"a latest of another user":        `INSERT INTO user_tickets VALUES ('eve', '` + done.ID.String() + `', '{}', 'agent:a', 1, 1)`,
		"a latest that goes back":         `UPDATE user_tickets SET updated_at_ms = updated_at_ms - 1`,
		"a latest deleted":                `DELETE FROM user_tickets`,
		"an account without a known role": `INSERT INTO accounts VALUES (gen_random_uuid(), 'a@b.c', 'king', 'x')`,
		"an address in upper case":        `INSERT INTO accounts VALUES (gen_random_uuid(), 'A@b.c', 'agent', 'x')`,
		"a key with an unknown scope":     `INSERT INTO api_keys (id, name, key_hash, scopes) VALUES (gen_random_uuid(), 'k', sha256('k'), '{all}')`,
		"a key without a scope":           `INSERT INTO api_keys (id, name, key_hash, scopes) VALUES (gen_random_uuid(), 'k', sha256('k'), '{}')`,
	} {
		_, err := p.Exec(t.Context(), statement)
		answer, ok := errors.AsType[*pgconn.PgError](err)
		if !ok || answer.Code[:2] != "23" {
			t.Errorf("%s: %v, want an integrity violation", name, err)
		}
	}
}
