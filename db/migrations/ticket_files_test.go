package migrations_test

import (
	"fmt"
	"testing"

	"docket/db/migrations"
)

// attempts are two tickets of ann: the first was rejected, the second names its photo again and one more. Its answers also
// name a photo of bob, and one of another field. A third photo is not sent yet.
const attempts = `
	INSERT INTO tickets (id, user_id, status, version, extra, decided_by, decided_at_ms, reject_reason, reject_comment)
	VALUES ('00000000-0000-7000-8000-00000000000a', 'ann', 'rejected', 2, '{"front": "00000000-0000-7000-8000-000000000001"}', 'agent:a', now_ms(), 'blurry', 'x'),
		('00000000-0000-7000-8000-00000000000b', 'ann', 'processing', 1, '{"front": "00000000-0000-7000-8000-000000000001",
			"back": "00000000-0000-7000-8000-000000000002", "selfie": "00000000-0000-7000-8000-000000000003",
			"other": "00000000-0000-7000-8000-000000000001"}', NULL, NULL, NULL, NULL),
		('00000000-0000-7000-8000-00000000000c', 'bob', 'processing', 1, '{}', NULL, NULL, NULL, NULL);
	INSERT INTO files (id, user_id, field, state, blob, media_type, size, sha256, uploaded_by, ticket_id)
	SELECT ('00000000-0000-7000-8000-00000000000' || n)::uuid, owner, field, 'kept', n::text, 'image/jpeg', 1, sha256('x'), 'user:' || owner, named::uuid
	FROM (VALUES (1, 'ann', 'front', '00000000-0000-7000-8000-00000000000b'), (2, 'ann', 'back', '00000000-0000-7000-8000-00000000000b'),
		(3, 'bob', 'selfie', '00000000-0000-7000-8000-00000000000c'), (4, 'ann', 'front', NULL)) AS v (n, owner, field, named)`

func namedFiles(t *testing.T, address string) (all string) {
	t.Helper()
	err := connect(t, address).QueryRow(t.Context(), `SELECT coalesce(string_agg(right(ticket_id::text, 1) || ' ' || field || ' ' || right(file_id::text, 1), ', '
		ORDER BY ticket_id, field), '') FROM ticket_files`).Scan(&all)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTicketFiles_OldDatabase(t *testing.T) {
	t.Parallel()
	address := empty(t)
	upTo(t, address, 12)
	exec(t, address, attempts)
	if err := migrations.Up(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	const want = "a front 1, b back 2, b front 1, c selfie 3"
	if got := namedFiles(t, address); got != want {
		t.Errorf("the tickets name %s, want %s", got, want)
	}
}

// TestTicketFiles_PreviousRelease assigns a file as releases do that do not know ticket_files, with a role that has no right
// to it: between two steps of the migration, and after it.
func TestTicketFiles_PreviousRelease(t *testing.T) {
	t.Parallel()
	address := empty(t)
	upTo(t, address, 12)
	exec(t, address, attempts)
	for i, version := range []int64{13, 14, 15} {
		upTo(t, address, version)
		exec(t, address, fmt.Sprintf(`INSERT INTO files (id, user_id, field, state, blob, media_type, size, sha256, uploaded_by)
			VALUES ('00000000-0000-7000-8000-00000000000%[1]d', 'bob', 'f%[1]d', 'kept', 'f%[1]d', 'image/jpeg', 1, sha256('x'), 'user:bob')`, 5+i))
		exec(t, address, fmt.Sprintf(`DO $$ BEGIN
				CREATE ROLE %[1]s; GRANT USAGE ON SCHEMA public TO %[1]s; GRANT SELECT, UPDATE ON files TO %[1]s; GRANT SELECT ON tickets TO %[1]s; SET LOCAL ROLE %[1]s;
				UPDATE files SET ticket_id = '00000000-0000-7000-8000-00000000000c' WHERE field = 'f%[2]d';
				RESET ROLE; DROP OWNED BY %[1]s; DROP ROLE %[1]s;
			END $$`, fmt.Sprintf("previous_%d_%s", version, t.Name()[:4]), 5+i))
	}
	const want = "a front 1, b back 2, b front 1, c f5 5, c f6 6, c f7 7, c selfie 3"
	if got := namedFiles(t, address); got != want {
		t.Errorf("the tickets name %s, want %s", got, want)
	}
}
