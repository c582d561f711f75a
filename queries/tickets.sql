-- name: TicketSubmit :batchmany
-- TicketSubmit adds open tickets, of different users and under different submission keys: it sees nothing of what it adds. Where a user
-- may have one open for each subject, it follows the user's ticket for that before: as the next attempt after a rejection, as the same one after a withdrawal,
-- else as the first, also after a revocation. No row: the submission was kept before, the user has an open ticket, resubmission is
-- closed, the user has reached the limit of the day, or another ticket followed the one before at the same time. What a ticket is
-- found by is written with it: whole is one lexeme a line, words are words each after a line end, which carry the day of the ticket.
-- The sub-select hides from the planner how many tickets there are: a plan for few looks cheaper than the kept one, and planning
-- takes longer than adding them.
WITH sent AS (
  SELECT unnest((SELECT @ids::uuid[])::uuid[]) AS id, unnest(@user_ids::text[]) AS user_id, unnest(@extras::jsonb[]) AS extra,
    unnest(@form_versions::text[]) AS form_version, unnest(@languages::text[]) AS language, unnest(@queues::text[]) AS queue,
    unnest(@one_open::boolean[]) AS one_open, unnest(@attempts::integer[]) AS attempts, unnest(@submitted_by::text[]) AS submitted_by,
    unnest(@submission_keys::text[]) AS submission_key, unnest(@submission_hashes::bytea[]) AS submission_hash,
    unnest(@subjects::text[]) AS subject, unnest(@whole::text[]) AS whole, unnest(@words::text[]) AS words
), allowed AS (
  SELECT s.*, b.status,
    CASE WHEN b.status = 'rejected' AND NOT b.reopened THEN b.attempt + 1 WHEN b.status = 'withdrawn' THEN b.attempt ELSE 1 END AS attempt,
    CASE b.status WHEN 'rejected' THEN b.id WHEN 'withdrawn' THEN b.previous_id END AS previous_id,
    greatest(ms, b.created_at_ms + 1) AS ms
  FROM sent s CROSS JOIN now_ms() AS ms LEFT JOIN LATERAL (
    SELECT t.id, t.status, t.attempt, t.previous_id, t.created_at_ms, t.reject_class,
      EXISTS (SELECT 1 FROM reopenings r WHERE r.ticket_id = t.id AND r.user_id = t.user_id) AS reopened
    FROM tickets t
    WHERE s.one_open AND t.user_id = s.user_id AND t.one_open AND t.subject = s.subject
    ORDER BY t.created_at_ms DESC, t.id DESC
    LIMIT 1
  ) b ON true
  WHERE b.id IS NULL OR b.status IN ('approved', 'withdrawn')
    OR b.status = 'rejected' AND (b.reopened OR b.reject_class IS DISTINCT FROM 'final' AND b.attempt < s.attempts)
    OR b.status = 'revoked' AND (b.reopened OR b.reject_class = 'retry')
), counted AS (
  INSERT INTO daily_counts AS d (user_id, kind, used)
  SELECT a.user_id, 'submissions', 1 FROM allowed a
  WHERE @daily_limit::integer > 0
    AND NOT EXISTS (SELECT 1 FROM tickets t WHERE t.submitted_by = a.submitted_by AND t.submission_key = a.submission_key)
  ON CONFLICT (user_id, kind) DO UPDATE
  SET used = CASE WHEN d.since_ms > now_ms() - 86400000 THEN d.used + 1 ELSE 1 END,
      since_ms = CASE WHEN d.since_ms > now_ms() - 86400000 THEN d.since_ms ELSE now_ms() END
  WHERE d.used < @daily_limit OR d.since_ms <= now_ms() - 86400000
  RETURNING d.user_id
), created AS (
  INSERT INTO tickets (id, user_id, status, extra, form_version, language, queue, one_open, submitted_by, submission_key, submission_hash,
    subject, attempt, previous_id, turn, created_at_ms, updated_at_ms)
  SELECT a.id, a.user_id, 'processing', a.extra, a.form_version, a.language, a.queue, a.one_open, a.submitted_by, a.submission_key, a.submission_hash,
    a.subject, a.attempt, a.previous_id,
    CASE WHEN a.one_open THEN 1 + (SELECT coalesce(max(o.turn), 0) FROM tickets o WHERE o.user_id = a.user_id AND o.turn IS NOT NULL) END,
    a.ms, a.ms
  FROM allowed a
  WHERE @daily_limit = 0 OR a.user_id IN (SELECT c.user_id FROM counted c)
  ON CONFLICT DO NOTHING
  RETURNING id, extra, attempt, previous_id, created_at_ms
), indexed AS (
  INSERT INTO ticket_words (user_id, ticket_id, words, created_at_ms)
  SELECT s.user_id, c.id, array_to_tsvector(string_to_array(s.whole || replace(s.words, E'\n', E'\n' || (c.created_at_ms / 86400000)::text || ' '), E'\n')), c.created_at_ms
  FROM created c JOIN sent s ON s.id = c.id
)
SELECT id, extra, attempt, previous_id, created_at_ms FROM created;

-- name: TicketBySubmission :one
-- TicketBySubmission finds what an earlier submission under the same key made, also if that was erased.
SELECT * FROM tickets
WHERE submitted_by = @submitted_by AND submission_key IN (@submission_key, erased_key(@user_id, @submitted_by, @submission_key));

-- name: TicketLastOf :one
-- TicketLastOf finds the open ticket of a user, for a subject or any, whose form allows one, else the last, and whether resubmission after it was
-- allowed again.
SELECT sqlc.embed(t), EXISTS (SELECT 1 FROM reopenings r WHERE r.ticket_id = t.id AND r.user_id = t.user_id) AS reopened
FROM tickets t
WHERE t.user_id = @user_id AND t.one_open AND (sqlc.narg('subject')::text IS NULL OR t.subject = sqlc.narg('subject'))
ORDER BY t.status = 'processing' DESC, t.created_at_ms DESC, t.id DESC
LIMIT 1;

-- name: TicketDecide :batchmany
-- TicketDecide closes open tickets, each of another user, and, for an approval, moves the user's latest approved ticket to it; a trigger
-- moves that for the subject. It locks the tickets first, then the users' rows. No row for a ticket: there is none, it is closed, it has
-- changed, it is the decider's own, somebody else holds it, a decision of it is pending, or, unless that is to be ignored, it was handed
-- over to somebody else than the agent who decides and is no admin; or another one of its user is decided. Empty texts are NULL where a
-- decision has none. Reasons and rows are one a line.
-- The limit, which is never reached, has the planner expect one ticket: it then reads each by an index, whatever it knows of the tables
-- when it makes the plan. So do sub-selects that are no joins.
WITH sent AS (
  SELECT unnest((SELECT @ids::uuid[])::uuid[]) AS id, unnest(@versions::bigint[]) AS version, unnest(@statuses::text[]) AS status,
    unnest(@decided_by::text[]) AS decided_by, unnest(@ignore_placed::boolean[]) AS ignore_placed, unnest(@subjects::text[]) AS subject,
    unnest(@valid_until_ms::bigint[]) AS valid_until_ms, unnest(@grants::jsonb[]) AS grant_extra, unnest(@reasons::text[]) AS reasons,
    unnest(@reject_rows::text[]) AS reject_rows, unnest(@classes::text[]) AS class, unnest(@comments::text[]) AS comment,
    unnest(@notes::text[]) AS note, unnest(@rule_hashes::text[]) AS rule_hash
  LIMIT (SELECT 1000000)
), open AS (
  SELECT s.*, t.user_id, t.extra, t.created_at_ms, coalesce(nullif(s.subject, ''), t.subject) AS kept_subject
  FROM sent s JOIN tickets t ON t.id = s.id
  WHERE t.version = s.version AND t.status = 'processing' AND 'agent:' || t.user_id <> s.decided_by
    AND (SELECT true FROM claims c WHERE c.user_id = t.user_id AND c.ticket_id = t.id AND c.until_ms > now_ms() AND 'agent:' || c.account_id <> s.decided_by) IS NULL
    AND (SELECT true FROM pending_decisions p WHERE p.user_id = t.user_id AND p.ticket_id = t.id AND p.due_at_ms IS NOT NULL) IS NULL
    AND (s.ignore_placed OR (
      SELECT true FROM placements p WHERE p.user_id = t.user_id AND p.ticket_id = t.id AND ('agent:' || p.account_id <> s.decided_by OR p.team IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM team_members m WHERE m.team = p.team AND 'agent:' || m.account_id = s.decided_by))
    ) IS NULL OR account_is_admin(s.decided_by))
  ORDER BY t.user_id, t.id
  FOR UPDATE OF t
), chosen AS (
  SELECT DISTINCT ON (o.user_id) o.* FROM open o ORDER BY o.user_id, o.id
), released AS (
  DELETE FROM claims USING chosen WHERE claims.user_id = chosen.user_id AND claims.ticket_id = chosen.id
), latest AS (
  INSERT INTO user_tickets AS u (user_id, ticket_id, extra, grant_extra, decided_by, subject, valid_until_ms, created_at_ms, updated_at_ms)
  SELECT c.user_id, c.id, c.extra, c.grant_extra, c.decided_by, c.kept_subject, nullif(c.valid_until_ms, 0), ms, ms
  FROM chosen c, greatest(now_ms(), c.created_at_ms) AS ms
  WHERE c.status = 'approved'
  ON CONFLICT (user_id) DO UPDATE
  SET ticket_id = excluded.ticket_id, extra = excluded.extra, grant_extra = excluded.grant_extra, decided_by = excluded.decided_by,
      subject = excluded.subject, valid_until_ms = excluded.valid_until_ms, updated_at_ms = greatest(excluded.updated_at_ms, u.updated_at_ms + 1)
  RETURNING user_id, updated_at_ms
), decided AS (
  SELECT c.*, coalesce(l.updated_at_ms, greatest(now_ms(), c.created_at_ms)) AS ms
  FROM chosen c LEFT JOIN latest l ON l.user_id = c.user_id
)
UPDATE tickets
SET status = d.status, version = tickets.version + 1, decided_by = d.decided_by, decided_at_ms = d.ms, updated_at_ms = d.ms,
    reject_reason = nullif(split_part(d.reasons, E'\n', 1), ''), reject_reasons = string_to_array(nullif(d.reasons, ''), E'\n'),
    reject_class = nullif(d.class, ''), reject_rows = string_to_array(nullif(d.reject_rows, ''), E'\n'),
    reject_comment = CASE WHEN d.status = 'rejected' THEN d.comment END, note = d.note,
    rule_hash = nullif(d.rule_hash, ''), grant_extra = d.grant_extra, subject = d.kept_subject, valid_until_ms = nullif(d.valid_until_ms, 0)
FROM decided d
WHERE tickets.id = d.id AND tickets.user_id = d.user_id
RETURNING tickets.*;

-- name: TicketTerms :one
-- TicketTerms reads what an approval of a ticket depends on, and what time it is.
SELECT extra, now_ms()::bigint AS now_ms FROM tickets WHERE id = @id;

-- name: TicketExpire :many
-- TicketExpire notes that approvals have ended, of which it takes so many, and lists their users: see the function expire_approvals.
SELECT user_id::text AS user_id FROM expire_approvals(@most::integer);

-- name: TicketRemind :one
-- TicketRemind has the owners of approvals that end within a time reminded: see the function remind_approvals.
SELECT remind_approvals(@lead_ms::bigint, @most::integer)::bigint AS seen;

-- name: TicketRevoke :one
-- TicketRevoke takes an approval back. If it is the user's latest, a trigger removes that. No row: there is no such ticket, it is
-- not approved, it has changed or was erased, or it is the actor's own.
UPDATE tickets
SET status = 'revoked', version = version + 1, revoked_by = @revoked_by, updated_at_ms = greatest(now_ms(), updated_at_ms + 1),
    reject_reason = @reason::text, reject_reasons = ARRAY[@reason::text], reject_class = @class, reject_comment = @comment, note = @note
WHERE (@of_user::text = '' OR user_id = @of_user) AND id = @id AND version = @version AND status = 'approved' AND erased_at_ms IS NULL AND 'agent:' || user_id <> @revoked_by::text
RETURNING *;

-- name: TicketCountByStatus :many
-- TicketCountByStatus counts a user's tickets by status, but for one; those of the archive in rows of their own.
SELECT t.status, count(*) AS tickets FROM tickets t
WHERE t.user_id = @user_id AND t.id <> @but
GROUP BY t.status
UNION ALL
SELECT c.status, c.tickets FROM archived_counts c WHERE c.user_id = @user_id;

-- name: TicketHistoryLock :exec
-- TicketHistoryLock waits until no other transaction counts earlier tickets of a user, and lets none until this one ends.
SELECT pg_advisory_xact_lock(hashtextextended('docket history ' || @user_id::text, 0));

-- name: TicketHistory :many
-- TicketHistory counts or adds up, for each window of time, the tickets that a user has submitted in it, but for one: those with a status,
-- or the answers to a field of those that are open or approved. Amounts of money are in minor units, a row for each currency. Of the archive it
-- reads the months that a window reaches.
SELECT w.name::text AS name, coalesce(t.extra -> w.field ->> 'currency', '')::text AS currency, (CASE WHEN w.field = '' THEN count(t.id) ELSE coalesce(sum(
    CASE jsonb_typeof(t.extra -> w.field) WHEN 'number' THEN (t.extra ->> w.field)::numeric
      WHEN 'object' THEN CASE WHEN jsonb_typeof(t.extra -> w.field -> 'amount') = 'number' THEN (t.extra -> w.field ->> 'amount')::numeric END END), 0) END)::double precision AS found
FROM (
  SELECT unnest(@names::text[]) AS name, unnest(@lengths_ms::bigint[]) AS length_ms, unnest(@statuses::text[]) AS status, unnest(@fields::text[]) AS field
) w LEFT JOIN (
  SELECT o.id, o.status, o.extra, o.created_at_ms FROM tickets o WHERE o.user_id = @user_id AND o.id <> @but
  UNION ALL
  SELECT a.id, a.status, a.extra, a.created_at_ms FROM archived_tickets a WHERE a.user_id = @user_id AND EXISTS (SELECT 1 FROM archived_counts c WHERE c.user_id = @user_id)
    AND a.created_at_ms > (SELECT now_ms() - max(longest) FROM unnest(@lengths_ms::bigint[]) AS longest)
) t ON t.created_at_ms > now_ms() - w.length_ms
  AND CASE w.status WHEN '' THEN t.status IN ('processing', 'approved') WHEN 'submitted' THEN true ELSE t.status = w.status END
GROUP BY w.name, w.field, currency;

-- name: TicketWithdraw :one
-- TicketWithdraw closes an open ticket for its owner. No row: it is not theirs, or it is closed.
WITH released AS (
  DELETE FROM claims USING tickets t WHERE claims.user_id = t.user_id AND claims.ticket_id = t.id AND t.id = @id AND t.user_id = @user_id
)
UPDATE tickets
SET status = 'withdrawn', version = tickets.version + 1, updated_at_ms = greatest(now_ms(), tickets.created_at_ms)
WHERE tickets.id = @id AND tickets.user_id = @user_id AND tickets.status = 'processing'
RETURNING *;

-- name: TicketWithdrawSent :one
-- TicketWithdrawSent closes an open ticket for the actor who sent it, whom its event names. No row: they did not send it, or it is closed.
WITH released AS (
  DELETE FROM claims USING tickets t WHERE claims.user_id = t.user_id AND claims.ticket_id = t.id AND t.id = @id AND t.submitted_by = @submitted_by
)
UPDATE tickets
SET status = 'withdrawn', version = tickets.version + 1, updated_at_ms = greatest(now_ms(), tickets.created_at_ms)
FROM (SELECT set_config('docket.withdrawn_by_sender', 'yes', true) AS value) setting
WHERE tickets.id = @id AND tickets.submitted_by = @submitted_by AND tickets.status = 'processing' AND setting.value = 'yes'
RETURNING tickets.*;

-- name: TicketGet :one
-- TicketGet reads any ticket, for agents.
SELECT * FROM tickets WHERE id = @id;

-- name: TicketGetOf :one
-- TicketGetOf reads a ticket for its owner.
SELECT * FROM tickets WHERE id = @id AND user_id = @user_id;

-- name: TicketListOf :many
-- TicketListOf lists a user's tickets, newest first, after a place in that order.
SELECT * FROM tickets
WHERE user_id = @user_id AND (created_at_ms, id) < (@after_ms::bigint, @after_id::uuid)
ORDER BY created_at_ms DESC, id DESC
LIMIT @max;

-- name: TicketOpenOldest :many
-- TicketOpenOldest lists the open tickets that were created in a range of time, oldest first, after a place in that order;
-- those that are snoozed only with snoozed. The sub-selects hide the values from the planner, here and in the lists below: planning takes
-- longer than reading, and while it believes that fewer tickets are open than a page has, it reads and sorts all of them.
SELECT * FROM tickets
WHERE status = 'processing' AND created_at_ms < (SELECT @to_ms::bigint) AND (created_at_ms, id) > ((SELECT @after_ms::bigint), (SELECT @after_id::uuid))
  AND ((SELECT @snoozed::boolean) OR NOT EXISTS (SELECT 1 FROM placements p WHERE p.user_id = tickets.user_id AND p.ticket_id = tickets.id AND p.snoozed_until_ms > now_ms()))
ORDER BY created_at_ms, id
LIMIT (SELECT @max::integer);

-- name: TicketOpenNewest :many
-- TicketOpenNewest lists the open tickets that were created in a range of time, newest first, after a place in that order.
SELECT * FROM tickets
WHERE status = 'processing' AND created_at_ms >= (SELECT @from_ms::bigint) AND (created_at_ms, id) < ((SELECT @after_ms::bigint), (SELECT @after_id::uuid))
  AND ((SELECT @snoozed::boolean) OR NOT EXISTS (SELECT 1 FROM placements p WHERE p.user_id = tickets.user_id AND p.ticket_id = tickets.id AND p.snoozed_until_ms > now_ms()))
ORDER BY created_at_ms DESC, id DESC
LIMIT (SELECT @max::integer);

-- name: TicketOpenOldestOf :many
-- TicketOpenOldestOf is TicketOpenOldest for one user.
SELECT * FROM tickets
WHERE tickets.user_id = @user_id AND status = 'processing' AND created_at_ms < (SELECT @to_ms::bigint)
  AND (created_at_ms, id) > ((SELECT @after_ms::bigint), (SELECT @after_id::uuid))
  AND (@queue::text = '' OR queue = @queue)
  AND ((SELECT @snoozed::boolean) OR NOT EXISTS (SELECT 1 FROM placements p WHERE p.user_id = tickets.user_id AND p.ticket_id = tickets.id AND p.snoozed_until_ms > now_ms()))
ORDER BY created_at_ms, id
LIMIT (SELECT @max::integer);

-- name: TicketOpenNewestOf :many
-- TicketOpenNewestOf is TicketOpenNewest for one user.
SELECT * FROM tickets
WHERE tickets.user_id = @user_id AND status = 'processing' AND created_at_ms >= (SELECT @from_ms::bigint)
  AND (created_at_ms, id) < ((SELECT @after_ms::bigint), (SELECT @after_id::uuid))
  AND (@queue::text = '' OR queue = @queue)
  AND ((SELECT @snoozed::boolean) OR NOT EXISTS (SELECT 1 FROM placements p WHERE p.user_id = tickets.user_id AND p.ticket_id = tickets.id AND p.snoozed_until_ms > now_ms()))
ORDER BY created_at_ms DESC, id DESC
LIMIT (SELECT @max::integer);

-- name: TicketOpenOldestIn :many
-- TicketOpenOldestIn is TicketOpenOldest for one queue of the form.
SELECT * FROM tickets
WHERE queue = @queue AND status = 'processing' AND created_at_ms < (SELECT @to_ms::bigint) AND (created_at_ms, id) > ((SELECT @after_ms::bigint), (SELECT @after_id::uuid))
  AND ((SELECT @snoozed::boolean) OR NOT EXISTS (SELECT 1 FROM placements p WHERE p.user_id = tickets.user_id AND p.ticket_id = tickets.id AND p.snoozed_until_ms > now_ms()))
ORDER BY created_at_ms, id
LIMIT (SELECT @max::integer);

-- name: TicketOpenNewestIn :many
-- TicketOpenNewestIn is TicketOpenNewest for one queue of the form.
SELECT * FROM tickets
WHERE queue = @queue AND status = 'processing' AND created_at_ms >= (SELECT @from_ms::bigint) AND (created_at_ms, id) < ((SELECT @after_ms::bigint), (SELECT @after_id::uuid))
  AND ((SELECT @snoozed::boolean) OR NOT EXISTS (SELECT 1 FROM placements p WHERE p.user_id = tickets.user_id AND p.ticket_id = tickets.id AND p.snoozed_until_ms > now_ms()))
ORDER BY created_at_ms DESC, id DESC
LIMIT (SELECT @max::integer);

-- name: TicketClosedOldest :many
-- TicketClosedOldest lists the tickets that got a status, other than open, in a range of time, oldest first, after a
-- place in that order.
SELECT * FROM tickets
WHERE status = @status AND status <> 'processing' AND updated_at_ms < (SELECT @to_ms::bigint)
  AND (updated_at_ms, id) > ((SELECT @after_ms::bigint), (SELECT @after_id::uuid))
ORDER BY updated_at_ms, id
LIMIT (SELECT @max::integer);

-- name: TicketClosedNewest :many
-- TicketClosedNewest lists the tickets that got a status, other than open, in a range of time, newest first, after a
-- place in that order.
SELECT * FROM tickets
WHERE status = @status AND status <> 'processing' AND updated_at_ms >= (SELECT @from_ms::bigint)
  AND (updated_at_ms, id) < ((SELECT @after_ms::bigint), (SELECT @after_id::uuid))
ORDER BY updated_at_ms DESC, id DESC
LIMIT (SELECT @max::integer);

-- name: TicketClosedOldestOf :many
-- TicketClosedOldestOf is TicketClosedOldest for one user.
SELECT * FROM tickets
WHERE user_id = @user_id AND status = @status AND status <> 'processing' AND updated_at_ms < (SELECT @to_ms::bigint)
  AND (updated_at_ms, id) > ((SELECT @after_ms::bigint), (SELECT @after_id::uuid))
ORDER BY updated_at_ms, id
LIMIT (SELECT @max::integer);

-- name: TicketClosedNewestOf :many
-- TicketClosedNewestOf is TicketClosedNewest for one user.
SELECT * FROM tickets
WHERE user_id = @user_id AND status = @status AND status <> 'processing' AND updated_at_ms >= (SELECT @from_ms::bigint)
  AND (updated_at_ms, id) < ((SELECT @after_ms::bigint), (SELECT @after_id::uuid))
ORDER BY updated_at_ms DESC, id DESC
LIMIT (SELECT @max::integer);

-- name: TicketBacklog :one
-- TicketBacklog counts the open tickets that are not snoozed, whose decision is not pending and that were created before a time, but no more
-- than most, and finds the time of the oldest. NOT IN: see WorkloadCount.
SELECT count(*) AS waiting, coalesce(min(created_at_ms), 0)::bigint AS oldest_ms
FROM (
  SELECT t.created_at_ms FROM tickets t
  WHERE t.status = 'processing' AND t.created_at_ms < @before_ms
    AND t.id NOT IN (SELECT p.ticket_id FROM placements p WHERE p.snoozed_until_ms > (SELECT now_ms()))
    AND t.id NOT IN (SELECT d.ticket_id FROM pending_decisions d WHERE d.due_at_ms IS NOT NULL)
  ORDER BY t.created_at_ms, t.id LIMIT @most
) AS older;
