package store_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

func TestSchema_ImpossibleStates(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	open, done := submit(t, d, "ann"), approve(t, d, submit(t, d, "bob"))
	if _, err := p.Exec(t.Context(), `INSERT INTO verdicts VALUES ($1, 'r', 'h', true, 'approve', NULL, 1, 'ann')`, open.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Exec(t.Context(), `INSERT INTO files (id, user_id, field, state, blob, media_type, size, sha256, uploaded_by, ticket_id)
		VALUES (gen_random_uuid(), 'ann', 'f', 'kept', 'named', 'image/jpeg', 1, sha256('x'), 'user:ann', $1)`, open.ID); err != nil {
		t.Fatal(err)
	}
	copied := func(extra, by string) string { // ann's ticket approved, with something else for others to read
		return `WITH u AS (INSERT INTO user_tickets VALUES ('ann', '` + open.ID.String() + `', '` + extra + `', '` + by + `', 9999999999999, 9999999999999))
			UPDATE tickets SET status = 'approved', version = 2, decided_by = 'agent:a', decided_at_ms = 9999999999999, updated_at_ms = 9999999999999
			WHERE user_id = 'ann'`
	}
	revoked := func(set, user string) string { // a ticket revoked, but for what is set
		columns := map[string]string{"reject_reason": `'x'`, "reject_class": `'retry'`, "reject_comment": `'x'`, "updated_at_ms": "updated_at_ms + 1"}
		statement := "UPDATE tickets SET status = 'revoked', version = version + 1, " + set
		for column, value := range columns {
			if !strings.Contains(set, column) {
				statement += ", " + column + " = " + value
			}
		}
		return statement + " WHERE user_id = '" + user + "'"
	}
	const insert = `INSERT INTO tickets (id, user_id, status, extra, decided_by, decided_at_ms, reject_reason, reject_comment, note) VALUES `
	for name, try := range map[string]struct{ statement, says string }{
		"approved by nobody, at a time":    {insert + `(gen_random_uuid(), 'u', 'approved', '{}', NULL, 1, NULL, NULL, NULL)`, "tickets_decision"},
		"approved at no time":              {insert + `(gen_random_uuid(), 'u', 'approved', '{}', 'agent:a', NULL, NULL, NULL, NULL)`, "tickets_decision"},
		"rejected by nobody, at a time":    {insert + `(gen_random_uuid(), 'u', 'rejected', '{}', NULL, 1, 'other', 'x', NULL)`, "tickets_decision"},
		"approved without a decider":       {insert + `(gen_random_uuid(), 'u', 'approved', '{}', NULL, NULL, NULL, NULL, NULL)`, "tickets_decision"},
		"approved, unknown to the user":    {insert + `(gen_random_uuid(), 'u', 'approved', '{}', 'agent:a', 1, NULL, NULL, NULL)`, "user_tickets does not know"},
		"approved with a reject reason":    {insert + `(gen_random_uuid(), 'u', 'approved', '{}', 'agent:a', 1, 'other', 'x', NULL)`, "tickets_decision"},
		"rejected without a reason":        {insert + `(gen_random_uuid(), 'u', 'rejected', '{}', 'agent:a', 1, NULL, 'x', NULL)`, "tickets_decision"},
		"rejected with an empty reason":    {insert + `(gen_random_uuid(), 'u', 'rejected', '{}', 'agent:a', 1, '', 'x', NULL)`, "reject_reason"},
		"rejected without text":            {insert + `(gen_random_uuid(), 'u', 'rejected', '{}', 'agent:a', 1, 'other', NULL, NULL)`, "tickets_decision"},
		"decided by nobody we know":        {insert + `(gen_random_uuid(), 'u', 'rejected', '{}', 'a', 1, 'other', 'x', NULL)`, "decided_by"},
		"open with a decider":              {insert + `(gen_random_uuid(), 'u', 'processing', '{}', 'agent:a', 1, NULL, NULL, NULL)`, "tickets_decision"},
		"open with a note":                 {insert + `(gen_random_uuid(), 'u', 'processing', '{}', NULL, NULL, NULL, NULL, 'x')`, "tickets_decision"},
		"an unknown status":                {insert + `(gen_random_uuid(), 'u', 'lost', '{}', NULL, NULL, NULL, NULL, NULL)`, "status"},
		"approved, and rejected as well":   {`UPDATE tickets SET status = 'approved', version = 2, decided_by = 'agent:a', decided_at_ms = now_ms(), updated_at_ms = now_ms(), reject_class = 'retry' WHERE user_id = 'ann'`, "tickets_reject_class"},
		"withdrawn for reasons":            {`UPDATE tickets SET status = 'withdrawn', version = 2, reject_reasons = '{other}' WHERE user_id = 'ann'`, "tickets_reject_reasons"},
		"rejected as nobody knows":         {`UPDATE tickets SET status = 'rejected', version = 2, decided_by = 'agent:a', decided_at_ms = 1, reject_reason = 'a', reject_comment = 'x', reject_class = 'choose' WHERE user_id = 'ann'`, "tickets_reject_class"},
		"rejected first for another":       {`UPDATE tickets SET status = 'rejected', version = 2, decided_by = 'agent:a', decided_at_ms = 1, reject_reason = 'a', reject_comment = 'x', reject_reasons = '{b,a}' WHERE user_id = 'ann'`, "tickets_reject_reasons"},
		"by a rule that is no rule":        {`UPDATE tickets SET status = 'rejected', version = 2, decided_by = 'agent:a', decided_at_ms = 1, reject_reason = 'a', reject_comment = 'x', rule_hash = 'h' WHERE user_id = 'ann'`, "tickets_rule"},
		"a verdict that is none":           {`INSERT INTO verdicts VALUES ('` + open.ID.String() + `', 'r', 'h', true, 'nothing', NULL, 1, 'ann')`, "outcome"},
		"a rejection without a reason":     {`INSERT INTO verdicts VALUES ('` + open.ID.String() + `', 'r', 'h', true, 'reject', NULL, 1, 'ann')`, "verdicts"},
		"verdicts deleted":                 {`TRUNCATE verdicts`, "TRUNCATE on verdicts"},
		"a user without an id":             {insert + `(gen_random_uuid(), '', 'processing', '{}', NULL, NULL, NULL, NULL, NULL)`, "user_id"},
		"a user id of 129 characters":      {insert + `(gen_random_uuid(), repeat('x', 129), 'processing', '{}', NULL, NULL, NULL, NULL, NULL)`, "user_id"},
		"answers that are no object":       {insert + `(gen_random_uuid(), 'u', 'processing', '[]', NULL, NULL, NULL, NULL, NULL)`, "extra"},
		"a second open ticket":             {insert + `(gen_random_uuid(), 'ann', 'processing', '{}', NULL, NULL, NULL, NULL, NULL)`, "tickets_one_open|tickets_p._user_id_subject"},
		"a decided ticket changed":         {`UPDATE tickets SET note = 'x', version = version + 1 WHERE id = '` + done.ID.String() + `'`, "is closed"},
		"a decided ticket reopened":        {`UPDATE tickets SET status = 'processing', version = version + 1, decided_by = NULL, decided_at_ms = NULL WHERE user_id = 'bob'`, "is closed"},
		"an open ticket's answers":         {`UPDATE tickets SET extra = '{"a": 1}', status = 'withdrawn', version = version + 1 WHERE user_id = 'ann'`, "what was submitted"},
		"an open ticket's owner":           {`UPDATE tickets SET user_id = 'eve', status = 'withdrawn', version = version + 1 WHERE user_id = 'ann'`, "what was submitted"},
		"a change without a version":       {`UPDATE tickets SET status = 'withdrawn' WHERE user_id = 'ann'`, "by one version"},
		"a jump of the version":            {`UPDATE tickets SET status = 'withdrawn', version = 9 WHERE user_id = 'ann'`, "by one version"},
		"an approval without the user":     {`UPDATE tickets SET status = 'approved', version = 2, decided_by = 'agent:a', decided_at_ms = now_ms(), updated_at_ms = now_ms() WHERE user_id = 'ann'`, "user_tickets does not know"},
		"a ticket deleted":                 {`DELETE FROM tickets WHERE user_id = 'ann'`, "DELETE on tickets"},
		"all tickets deleted":              {`TRUNCATE tickets CASCADE`, "TRUNCATE on tickets"},
		"history changed":                  {`UPDATE ticket_events SET actor = 'agent:b'`, "UPDATE on ticket_events"},
		"history deleted":                  {`DELETE FROM ticket_events`, "DELETE on ticket_events"},
		"all history deleted":              {`TRUNCATE ticket_events`, "TRUNCATE on ticket_events"},
		"history of no ticket":             {`INSERT INTO ticket_events VALUES (gen_random_uuid(), 1, 'submitted', 'user:a', 1)`, "INSERT on ticket_events"},
		"history made up":                  {`INSERT INTO ticket_events VALUES ('` + open.ID.String() + `', 2, 'withdrawn', 'user:ann', 1)`, "INSERT on ticket_events"},
		"history of no known kind":         {`INSERT INTO ticket_events SELECT ticket_id, 2, 'lost', actor, at_ms FROM ticket_events`, "INSERT on ticket_events"},
		"a latest that is not approved":    {`INSERT INTO user_tickets VALUES ('ann', '` + open.ID.String() + `', '{}', 'agent:a', 1, 1)`, "not an approved one|user_tickets_ticket_id_fkey"},
		"a latest with other answers":      {copied(`{"a": 1}`, "agent:a"), "not an approved one"},
		"a latest by somebody else":        {copied(`{}`, "agent:b"), "not an approved one"},
		"a verdict changed":                {`UPDATE verdicts SET outcome = 'failed'`, "UPDATE on verdicts"},
		"a file of a ticket, half there":   {`INSERT INTO files (id, user_id, field, blob, media_type, size, sha256, uploaded_by, ticket_id) VALUES (gen_random_uuid(), 'ann', 'f', 'b', 'image/jpeg', 1, sha256('x'), 'user:ann', '` + open.ID.String() + `')`, "files_named"},
		"a file of another user's ticket":  {`INSERT INTO files (id, user_id, field, state, blob, media_type, size, sha256, uploaded_by, ticket_id) VALUES (gen_random_uuid(), 'ann', 'f', 'kept', 'b', 'image/jpeg', 1, sha256('x'), 'user:ann', '` + done.ID.String() + `')`, "is not of the user|files_ticket_id_fkey"},
		"a file taken from an open ticket": {`UPDATE files SET ticket_id = NULL`, "is named by a ticket"},
		"other bytes for a file":           {`UPDATE files SET blob = 'b'`, "what is stored of file"},
		"a file named by hand":             {`INSERT INTO ticket_files VALUES ('` + open.ID.String() + `', 'g', (SELECT id FROM files))`, "INSERT on ticket_files"},
		"a file of a ticket changed":       {`UPDATE ticket_files SET field = 'g'`, "UPDATE on ticket_files"},
		"a file of a ticket dropped":       {`DELETE FROM ticket_files`, "DELETE on ticket_files"},
		"all files of tickets dropped":     {`TRUNCATE ticket_files`, "TRUNCATE on ticket_files"},
		"a file deleted that is named":     {`DELETE FROM files`, "ticket_files_file"},
		"a file thrown away that is named": {`UPDATE files SET state = 'going'`, "is named by a ticket"},
		"an attempt before the first":      {`INSERT INTO tickets (id, user_id, status, extra, attempt) VALUES (gen_random_uuid(), 'u', 'processing', '{}', 0)`, "tickets_attempt"},
		"a turn before the first":          {`INSERT INTO tickets (id, user_id, status, extra, turn) VALUES (gen_random_uuid(), 'u', 'processing', '{}', 0)`, "tickets_turn_counts"},
		"an attempt after no ticket":       {`INSERT INTO tickets (id, user_id, status, extra, previous_id) VALUES (gen_random_uuid(), 'u', 'processing', '{}', gen_random_uuid())`, "tickets_previous"},
		"revoked by nobody":                {`UPDATE tickets SET status = 'revoked', version = 3, updated_at_ms = updated_at_ms + 1, reject_reason = 'a', reject_class = 'retry', reject_comment = 'x' WHERE user_id = 'bob'`, "tickets_revoked"},
		"revoked by a rule":                {revoked(`revoked_by = 'rule:r'`, "bob"), "tickets_revoked"},
		"revoked by the user":              {revoked(`revoked_by = 'agent:bob'`, "bob"), "is closed"},
		"revoked without a reason":         {revoked(`revoked_by = 'agent:a', reject_reason = NULL`, "bob"), "tickets_decision"},
		"revoked without a class":          {revoked(`revoked_by = 'agent:a', reject_class = NULL`, "bob"), "tickets_decision"},
		"revoked without text":             {revoked(`revoked_by = 'agent:a', reject_comment = NULL`, "bob"), "tickets_decision"},
		"revoked, with another decider":    {revoked(`revoked_by = 'agent:a', decided_by = 'agent:b'`, "bob"), "is closed"},
		"revoked, with other answers":      {revoked(`revoked_by = 'agent:a', extra = '{"a": 1}'`, "bob"), "is closed"},
		"revoked at the time of approval":  {revoked(`revoked_by = 'agent:a', updated_at_ms = updated_at_ms`, "bob"), "is closed"},
		"an open ticket revoked":           {revoked(`revoked_by = 'agent:a'`, "ann"), "from open to closed"},
		"added as revoked":                 {`INSERT INTO tickets (id, user_id, status, extra, decided_by, decided_at_ms, revoked_by, reject_reason, reject_class, reject_comment) VALUES (gen_random_uuid(), 'u', 'revoked', '{}', 'agent:a', 1, 'agent:a', 'x', 'retry', 'x')`, "was not approved"},
		"approved, with a revoker":         {`INSERT INTO tickets (id, user_id, status, extra, revoked_by) VALUES (gen_random_uuid(), 'u', 'processing', '{}', 'agent:a')`, "tickets_revoked"},
		"a latest of another user":         {`INSERT INTO user_tickets VALUES ('eve', '` + done.ID.String() + `', '{}', 'agent:a', 1, 1)`, "not an approved one|user_tickets_ticket_id_fkey"},
		"a latest that goes back":          {`UPDATE user_tickets SET updated_at_ms = updated_at_ms - 1`, "only moves forward"},
		"all latest deleted":               {`TRUNCATE user_tickets`, "TRUNCATE on user_tickets"},
		"a latest deleted":                 {`DELETE FROM user_tickets`, "DELETE on user_tickets"},
		"an account without a known role":  {`INSERT INTO accounts VALUES (gen_random_uuid(), 'a@b.c', 'king', 'x')`, "role"},
		"an address in upper case":         {`INSERT INTO accounts VALUES (gen_random_uuid(), 'A@b.c', 'agent', 'x')`, "email"},
		"a key with an unknown scope":      {`INSERT INTO api_keys (id, name, key_hash, scopes) VALUES (gen_random_uuid(), 'k', sha256('k'), '{all}')`, "scopes"},
		"a key without a scope":            {`INSERT INTO api_keys (id, name, key_hash, scopes) VALUES (gen_random_uuid(), 'k', sha256('k'), '{}')`, "scopes"},
	} {
		_, err := p.Exec(t.Context(), try.statement)
		answer, ok := errors.AsType[*pgconn.PgError](err)
		if !ok || answer.Code[:2] != "23" || !regexp.MustCompile(try.says).MatchString(answer.ConstraintName+" "+answer.Message) {
			t.Errorf("%s: %v, want an integrity violation that says %q", name, err, try.says)
		}
	}
}
