-- name: TransferFeedLock :exec
-- TransferFeedLock keeps another import from moving the numbers of the feed until the transaction has ended.
SELECT pg_advisory_xact_lock('feed_numbers'::regclass::oid::bigint);

-- name: TransferFeedMove :exec
-- TransferFeedMove moves the numbers of the feed up to the microseconds of now, behind all that another database has given out: fewer
-- than a million a second. What takes numbers meanwhile does not get that far.
SELECT setval('feed_numbers', now_ms() * 1000) WHERE coalesce(pg_sequence_last_value('feed_numbers'), 0) < (now_ms() - 10000) * 1000;

-- name: TransferTickets :many
-- TransferTickets reads the next tickets after a place in the order of users, and of time for each. Each part stops by itself: PostgreSQL would
-- sort all of the archive.
(
  SELECT * FROM tickets
  WHERE (user_id, created_at_ms, id) > (@after_user::text, @after_ms::bigint, @after_id::uuid)
  ORDER BY user_id, created_at_ms, id
  LIMIT @max
)
UNION ALL
(
  SELECT * FROM archived_rows
  WHERE (user_id, created_at_ms, id) > (@after_user::text, @after_ms::bigint, @after_id::uuid)
  ORDER BY user_id, created_at_ms, id
  LIMIT @max
)
ORDER BY user_id, created_at_ms, id
LIMIT @max;

-- name: TransferTicketsOf :many
-- TransferTicketsOf reads those of these tickets that are there.
SELECT * FROM tickets WHERE id = ANY (@ids::uuid[])
UNION ALL
SELECT * FROM archived_rows WHERE id = ANY (@ids);

-- name: TransferArchived :many
-- TransferArchived reads what the archive has of those of these tickets that are there.
SELECT a.id, a.history FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@created_at_ms::bigint[]) AS created_at_ms) named
JOIN archived_tickets a ON a.id = named.id AND a.created_at_ms = named.created_at_ms;

-- name: TransferEvents :many
-- TransferEvents reads what the events of tickets say that the tickets do not: of approvals that were taken back, of
-- withdrawals, and of erasures.
SELECT ticket_id, kind, actor, at_ms, reason, note FROM ticket_events
WHERE ticket_id = ANY (@ids::uuid[]) AND kind IN ('approved', 'withdrawn', 'erased');

-- name: TransferFiles :many
-- TransferFiles reads the files that tickets name.
SELECT n.ticket_id AS named_by, sqlc.embed(f) FROM ticket_files n JOIN files f ON f.user_id = n.user_id AND f.id = n.file_id
WHERE n.ticket_id = ANY (@ids::uuid[])
ORDER BY n.ticket_id, n.field, n.file_id;

-- name: TransferNotes :many
-- TransferNotes reads what agents did with tickets beside deciding them.
SELECT * FROM ticket_notes WHERE ticket_id = ANY (@ids::uuid[]) ORDER BY ticket_id, at_ms, id;

-- name: TransferVerdicts :many
-- TransferVerdicts reads what rules said of tickets.
SELECT * FROM verdicts WHERE ticket_id = ANY (@ids::uuid[]) ORDER BY ticket_id, rule;

-- name: TransferReopenings :many
-- TransferReopenings reads which tickets were allowed to be followed again.
SELECT * FROM reopenings WHERE ticket_id = ANY (@ids::uuid[]);

-- name: TransferForms :many
-- TransferForms reads every text of the form that tickets were submitted under.
SELECT version, text FROM forms ORDER BY version;

-- name: TransferErasures :many
-- TransferErasures reads who was erased, in the order of time.
SELECT * FROM erasures WHERE @of_user::text = '' OR user_id = @of_user ORDER BY at_ms, id;

-- name: TransferLatest :many
-- TransferLatest reads when the latest approval of users was, and that of the first one it stands for, and the last approval of
-- each that was removed. What is not there is 0.
SELECT u.user_id::text AS user_id, coalesce(l.updated_at_ms, 0)::bigint AS latest_ms, coalesce(l.created_at_ms, 0)::bigint AS first_ms, coalesce(r.version, 0)::bigint AS removed
FROM unnest(@users::text[]) AS u (user_id) LEFT JOIN user_tickets l ON l.user_id = u.user_id LEFT JOIN latest_removed r ON r.user_id = u.user_id;

-- name: TransferAddTickets :execrows
-- TransferAddTickets adds tickets as they were when they were closed, or as they are, and moves the latest approvals of users to
-- some of them. Triggers write their events. Fewer rows than tickets: a partitioned database has another ticket under a submission key.
WITH latest AS (
  INSERT INTO user_tickets AS u (user_id, ticket_id, extra, grant_extra, decided_by, subject, valid_until_ms, created_at_ms, updated_at_ms)
  SELECT r.user_id, r.id, r.extra, r.grant_extra, r.decided_by, r.subject, r.valid_until_ms, r.decided_at_ms, r.decided_at_ms
  FROM jsonb_populate_recordset(NULL::tickets, @rows::jsonb) AS r WHERE r.id = ANY (@latest::uuid[])
  ON CONFLICT (user_id) DO UPDATE
  SET ticket_id = excluded.ticket_id, extra = excluded.extra, grant_extra = excluded.grant_extra, decided_by = excluded.decided_by,
      subject = excluded.subject, valid_until_ms = excluded.valid_until_ms, updated_at_ms = excluded.updated_at_ms
)
INSERT INTO tickets (id, user_id, status, version, extra, form_version, language, queue, one_open, submitted_by, submission_key, submission_hash,
  attempt, previous_id, turn, decided_by, decided_at_ms, reject_reason, reject_reasons, reject_class, reject_rows, reject_comment, note, rule_hash, grant_extra,
  subject, valid_until_ms, created_at_ms, updated_at_ms)
SELECT r.id, r.user_id, r.status, r.version, r.extra, r.form_version, r.language, r.queue, r.one_open, r.submitted_by, r.submission_key, r.submission_hash,
  r.attempt, r.previous_id, r.turn, r.decided_by, r.decided_at_ms, r.reject_reason, r.reject_reasons, r.reject_class, r.reject_rows, r.reject_comment, r.note, r.rule_hash, r.grant_extra,
  r.subject, r.valid_until_ms, r.created_at_ms, r.updated_at_ms
FROM jsonb_populate_recordset(NULL::tickets, @rows) AS r;

-- name: TransferRevoke :exec
-- TransferRevoke takes approvals back.
UPDATE tickets t
SET status = 'revoked', version = t.version + 1, revoked_by = r.revoked_by, updated_at_ms = r.updated_at_ms,
    reject_reason = r.reject_reason, reject_reasons = r.reject_reasons, reject_class = r.reject_class, reject_comment = r.reject_comment, note = r.note
FROM jsonb_populate_recordset(NULL::tickets, @rows::jsonb) AS r
WHERE t.id = r.id;

-- name: TransferExpire :exec
-- TransferExpire notes that approvals have ended. A trigger writes their event.
UPDATE tickets t SET version = t.version + 1, expired_at_ms = r.at_ms
FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@at_ms::bigint[]) AS at_ms) r
WHERE t.id = r.id;

-- name: TransferErase :exec
-- TransferErase notes that tickets were erased, and ends the latest approvals among them. The history of those that the erasure withdrew
-- names who erased. The caller has made what refuses that let it pass.
WITH removed AS (
  DELETE FROM user_tickets WHERE ticket_id = ANY (@ids::uuid[])
), withdrawn AS (
  UPDATE ticket_events w SET actor = r.actor
  FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@actors::text[]) AS actor, unnest(@withdrew::boolean[]) AS withdrew) r
  WHERE w.ticket_id = r.id AND w.kind = 'withdrawn' AND r.withdrew
), erased AS (
  UPDATE tickets t SET version = t.version + 1, erased_at_ms = r.at_ms
  FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@at_ms::bigint[]) AS at_ms) r
  WHERE t.id = r.id
  RETURNING t.user_id, t.id, t.version
)
INSERT INTO ticket_events (user_id, ticket_id, version, kind, actor, at_ms, reason)
SELECT e.user_id, e.id, e.version, 'erased', r.actor, r.at_ms, r.reason
FROM erased e JOIN (SELECT unnest(@ids::uuid[]) AS id, unnest(@at_ms::bigint[]) AS at_ms, unnest(@actors::text[]) AS actor, unnest(@reasons::text[]) AS reason) r ON r.id = e.id;

-- name: TransferLowerFirst :exec
-- TransferLowerFirst notes earlier first approvals of users.
UPDATE user_tickets u SET created_at_ms = r.ms
FROM (SELECT unnest(@users::text[]) AS user_id, unnest(@ms::bigint[]) AS ms) r
WHERE u.user_id = r.user_id;

-- name: TransferNameFiles :exec
-- TransferNameFiles has tickets name files, which were added a moment ago, and notes when these really came.
UPDATE files f SET ticket_id = r.ticket_id, created_at_ms = r.created_at_ms
FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@tickets::uuid[]) AS ticket_id, unnest(@created_at_ms::bigint[]) AS created_at_ms) r
WHERE f.id = r.id;

-- name: TransferForgetFiles :exec
-- TransferForgetFiles notes that the bytes of files were deleted.
UPDATE files f SET state = 'gone', ticket_id = NULL, sha256 = ''
WHERE f.id = ANY (@ids::uuid[]) AND f.state = 'kept';

-- name: TransferFilesOf :many
-- TransferFilesOf reads those of these files that are there.
SELECT id, user_id, state, blob, sha256 FROM files WHERE id = ANY (@ids::uuid[]);

-- name: TransferAddNotes :exec
-- TransferAddNotes adds what agents did with tickets beside deciding them.
INSERT INTO ticket_notes (id, user_id, ticket_id, kind, actor, at_ms, text, target, until_ms)
SELECT r.id, t.user_id, r.ticket_id, r.kind, r.actor, r.at_ms, r.text, r.target, r.until_ms FROM jsonb_populate_recordset(NULL::ticket_notes, @rows::jsonb) AS r JOIN tickets t ON t.id = r.ticket_id;

-- name: TransferAddOpinions :exec
-- TransferAddOpinions adds what agents thought of tickets that two people decide.
INSERT INTO opinions (user_id, ticket_id, step, ordinal, given_by, verdict, reasons, class, reject_rows, comment, note, grant_extra, open, at_ms)
SELECT t.user_id, r.ticket_id, r.step, r.ordinal, r.given_by, r.verdict, r.reasons, r.class, r.reject_rows, r.comment, r.note, r.grant_extra, t.status = 'processing', r.at_ms
FROM jsonb_populate_recordset(NULL::opinions, @rows::jsonb) AS r JOIN tickets t ON t.id = r.ticket_id;

-- name: TransferAddSteps :exec
-- TransferAddSteps adds the steps in which tickets are approved.
INSERT INTO approval_steps (user_id, ticket_id, step, turn, name, email, team, key, remind_ms, stand_in_ms, stand_in_team, since_ms)
SELECT t.user_id, r.ticket_id, r.step, r.turn, r.name, r.email, r.team, r.key, r.remind_ms, r.stand_in_ms, r.stand_in_team, r.since_ms
FROM jsonb_populate_recordset(NULL::approval_steps, @rows::jsonb) AS r JOIN tickets t ON t.id = r.ticket_id;

-- name: TransferAddVerdicts :exec
-- TransferAddVerdicts adds what rules said of tickets.
INSERT INTO verdicts (user_id, ticket_id, rule, hash, shadow, outcome, reason, at_ms)
SELECT t.user_id, r.ticket_id, r.rule, r.hash, r.shadow, r.outcome, r.reason, r.at_ms FROM jsonb_populate_recordset(NULL::verdicts, @rows::jsonb) AS r JOIN tickets t ON t.id = r.ticket_id;

-- name: TransferAddReopenings :exec
-- TransferAddReopenings adds which tickets were allowed to be followed again.
INSERT INTO reopenings (ticket_id, user_id, reopened_by, note, at_ms)
SELECT r.ticket_id, r.user_id, r.reopened_by, r.note, r.at_ms FROM jsonb_populate_recordset(NULL::reopenings, @rows::jsonb) AS r;

-- name: TransferAddForm :exec
-- TransferAddForm adds a text of the form that tickets were submitted under.
INSERT INTO forms (version, text) VALUES (@version, @text) ON CONFLICT DO NOTHING;

-- name: TransferAddErasure :exec
-- TransferAddErasure adds that a user was erased, unless that is known.
INSERT INTO erasures (user_id, actor, reason, had_account, tickets, files, at_ms)
SELECT @user_id::text, @actor::text, @reason::text, @had_account::boolean, @tickets::bigint, @files::bigint, @at_ms::bigint
WHERE NOT EXISTS (SELECT 1 FROM erasures e WHERE e.user_id = @user_id AND e.at_ms = @at_ms);

-- name: TransferSettle :exec
-- TransferSettle removes the e-mails that adding these tickets has made, and tells the instances whose tickets have changed.
WITH removed AS (
  DELETE FROM outbox WHERE ticket_id = ANY (@ids::uuid[])
)
SELECT pg_notify('docket_change', u) FROM unnest(@users::text[]) AS u;
