-- name: VerifyTicketCount :one
-- VerifyTicketCount counts every ticket.
SELECT count(*) FROM tickets;

-- name: VerifyNextTicket :one
-- VerifyNextTicket is the last id of the next so many tickets after one. No row: fewer are left.
SELECT id FROM tickets WHERE id > @after_id ORDER BY id OFFSET @step LIMIT 1;

-- name: VerifyNextUser :one
-- VerifyNextUser is the user of the last of the next so many tickets after a user. No row: fewer are left.
SELECT user_id FROM tickets WHERE user_id > @after_user ORDER BY user_id OFFSET @step LIMIT 1;

-- name: VerifyHistories :many
-- VerifyHistories finds the tickets of a range of ids whose events do not tell what became of them.
WITH event AS (
  SELECT e.*, row_number() OVER (PARTITION BY e.user_id, e.ticket_id ORDER BY e.version) AS nth,
    e.version = max(e.version) FILTER (WHERE e.kind NOT IN ('erased', 'expired')) OVER (PARTITION BY e.user_id, e.ticket_id) AS last,
    e.kind = 'approved' AND e.version + count(*) FILTER (WHERE e.kind = 'expired') OVER (PARTITION BY e.user_id, e.ticket_id) =
      min(e.version) FILTER (WHERE e.kind = 'revoked') OVER (PARTITION BY e.user_id, e.ticket_id) - 1 AS taken_back
  FROM ticket_events e WHERE e.ticket_id > @after_id AND e.ticket_id <= @until_id
), history AS (
  SELECT user_id, ticket_id, count(*) AS events,
    bool_and(version = nth) AS complete,
    bool_and((kind = 'submitted') = (nth = 1)) AS submitted_first,
    bool_and(last OR taken_back OR kind IN ('submitted', 'expired', 'erased')) AS closed_last,
    min(actor) FILTER (WHERE taken_back) AS approved_actor, min(at_ms) FILTER (WHERE taken_back) AS approved_ms,
    min(rule_hash) FILTER (WHERE taken_back) AS approved_rule_hash,
    count(*) FILTER (WHERE kind = 'expired') AS ends, max(at_ms) FILTER (WHERE kind = 'expired') AS expired_ms,
    count(*) FILTER (WHERE kind = 'erased') AS erasures, max(version) FILTER (WHERE kind = 'erased') AS erased_version,
    max(at_ms) FILTER (WHERE kind = 'erased') AS erased_ms, min(actor) FILTER (WHERE kind = 'erased') AS erased_by,
    coalesce(bool_or(comment <> '' OR note <> ''), false) AS has_words,
    min(actor) FILTER (WHERE nth = 1) AS first_actor, min(at_ms) FILTER (WHERE nth = 1) AS first_ms,
    min(kind) FILTER (WHERE last) AS last_kind, min(actor) FILTER (WHERE last) AS last_actor, min(at_ms) FILTER (WHERE last) AS last_ms,
    min(reason) FILTER (WHERE last) AS last_reason, min(reasons) FILTER (WHERE last) AS last_reasons, min(class) FILTER (WHERE last) AS last_class,
    min(comment) FILTER (WHERE last) AS last_comment, min(note) FILTER (WHERE last) AS last_note,
    min(rule_hash) FILTER (WHERE last) AS last_rule_hash
  FROM event GROUP BY user_id, ticket_id
), ticket AS (
  SELECT * FROM tickets WHERE id > @after_id AND id <= @until_id
), seen AS (
  SELECT coalesce(t.id, h.ticket_id)::uuid AS ticket_id, CASE
    WHEN t.id IS NULL THEN 'has events, but there is no such ticket'
    WHEN h.ticket_id IS NULL THEN 'has no events'
    WHEN NOT h.complete OR h.events <> t.version THEN 'lacks the event of a version, or has one too many'
    WHEN NOT h.closed_last THEN 'has an event after the one that closed it'
    WHEN NOT h.submitted_first THEN 'does not begin, once, with its submission'
    WHEN h.first_actor <> t.submitted_by OR h.first_ms <> t.created_at_ms THEN 'was submitted by another or at another time than its first event says'
    WHEN h.last_kind <> CASE t.status WHEN 'processing' THEN 'submitted' ELSE t.status END THEN 'has another status than its last event'
    WHEN h.last_actor IS DISTINCT FROM
      CASE t.status WHEN 'processing' THEN t.submitted_by WHEN 'withdrawn' THEN CASE WHEN h.last_actor IN (t.submitted_by, h.erased_by) THEN h.last_actor ELSE 'user:' || t.user_id END WHEN 'revoked' THEN t.revoked_by ELSE t.decided_by END
      THEN 'was closed by another than its last event says'
    WHEN h.last_ms <> CASE t.status WHEN 'processing' THEN t.created_at_ms ELSE t.updated_at_ms END
      OR t.status <> 'revoked' AND t.decided_at_ms <> t.updated_at_ms THEN 'was changed at another time than its last event says'
    WHEN t.status = 'revoked' AND (h.approved_actor, h.approved_ms) IS DISTINCT FROM (t.decided_by, t.decided_at_ms)
      THEN 'was approved by another or at another time than its event says'
    WHEN (h.last_reason, h.last_reasons, h.last_class, h.last_comment, h.last_note, coalesce(h.approved_rule_hash, h.last_rule_hash))
      IS DISTINCT FROM (t.reject_reason, t.reject_reasons, t.reject_class, t.reject_comment, t.note, t.rule_hash)
      THEN 'was decided in other words than its last event says'
    WHEN h.erasures <> CASE WHEN t.erased_at_ms IS NULL THEN 0 ELSE 1 END OR h.erased_version < t.version OR h.erased_ms <> t.erased_at_ms
      THEN 'was erased at another time than its events say'
    WHEN h.ends > 1 OR h.expired_ms IS DISTINCT FROM t.expired_at_ms OR t.expired_at_ms < t.valid_until_ms THEN 'ended at another time than its event says'
    WHEN t.erased_at_ms IS NOT NULL AND (t.status = 'processing' OR t.extra <> '{}' OR t.submission_hash <> '' OR h.has_words
      OR EXISTS (SELECT 1 FROM ticket_files n JOIN files f ON f.user_id = n.user_id AND f.id = n.file_id WHERE n.user_id = t.user_id AND n.ticket_id = t.id AND f.state IN ('coming', 'kept')
        AND NOT EXISTS (SELECT 1 FROM ticket_files m JOIN (SELECT * FROM tickets UNION ALL SELECT * FROM archived_rows) o ON o.user_id = m.user_id AND o.id = m.ticket_id WHERE m.user_id = f.user_id AND m.file_id = f.id AND o.erased_at_ms IS NULL)))
      THEN 'was erased, but still has answers, files, comments or notes'
    END AS problem
  FROM ticket t FULL JOIN history h ON h.user_id = t.user_id AND h.ticket_id = t.id
)
SELECT ticket_id, problem::text AS problem FROM seen WHERE problem IS NOT NULL ORDER BY ticket_id LIMIT @most;

-- name: VerifyLatest :many
-- VerifyLatest finds the users of a range whose row of user_tickets is not their last approval, of those after one that was
-- removed, or of whom an approval that was taken back could be shown again.
WITH closed AS (
  SELECT id, user_id, subject, status, extra, decided_by, valid_until_ms, CASE status WHEN 'revoked' THEN decided_at_ms ELSE updated_at_ms END AS ms FROM tickets
  UNION ALL
  SELECT id, user_id, subject, status, extra, decided_by, valid_until_ms, CASE status WHEN 'revoked' THEN decided_at_ms ELSE updated_at_ms END FROM archived_rows
), decided AS (
  SELECT t.user_id, t.id, t.status, t.extra, t.decided_by, t.valid_until_ms, ms, coalesce(r.version, 0) AS removed,
    min(ms) FILTER (WHERE ms > coalesce(r.version, 0)) OVER (PARTITION BY t.user_id) AS first_ms
  FROM closed t LEFT JOIN latest_removed r ON r.user_id = t.user_id
  WHERE t.status IN ('approved', 'revoked') AND t.user_id > @after_user::text AND (t.user_id <= @until_user::text OR @last::boolean)
), approved AS (
  SELECT DISTINCT ON (user_id) * FROM decided
  WHERE status = 'approved' AND ms > removed
  ORDER BY user_id, ms DESC, id DESC
), latest AS (
  SELECT * FROM user_tickets u WHERE u.user_id > @after_user AND (u.user_id <= @until_user OR @last::boolean)
), seen AS (
  SELECT d.user_id, 'had an approval taken back, but nothing keeps it from being the latest again' AS problem
  FROM decided d LEFT JOIN latest l ON l.user_id = d.user_id
  WHERE d.status = 'revoked' AND d.ms > greatest(d.removed, coalesce(l.updated_at_ms, 0))
  UNION
  SELECT coalesce(a.user_id, l.user_id)::text AS user_id, CASE
    WHEN l.user_id IS NULL THEN 'has an approved ticket, but no latest one'
    WHEN a.user_id IS NULL THEN 'has a latest approved ticket, but no approved one'
    WHEN a.id <> l.ticket_id OR a.ms <> l.updated_at_ms THEN 'has a latest approved ticket that is not the last one approved'
    WHEN a.extra <> l.extra OR a.decided_by <> l.decided_by OR a.valid_until_ms IS DISTINCT FROM l.valid_until_ms THEN 'has a latest approved ticket that says something else than the ticket'
    WHEN a.first_ms <> l.created_at_ms THEN 'was first approved at another time than its row says'
    END AS problem
  FROM approved a FULL JOIN latest l ON l.user_id = a.user_id
)
SELECT user_id, problem::text AS problem FROM seen WHERE problem IS NOT NULL ORDER BY user_id LIMIT @most;

-- name: VerifySubjects :many
-- VerifySubjects finds the users of a range whose row of user_subject_tickets is not their last approval for the subject, of those after
-- one that was removed, or of whom an approval that was taken back could be shown again.
WITH closed AS (
  SELECT id, user_id, subject, status, extra, decided_by, valid_until_ms, CASE status WHEN 'revoked' THEN decided_at_ms ELSE updated_at_ms END AS ms FROM tickets
  UNION ALL
  SELECT id, user_id, subject, status, extra, decided_by, valid_until_ms, CASE status WHEN 'revoked' THEN decided_at_ms ELSE updated_at_ms END FROM archived_rows
), decided AS (
  SELECT t.user_id, t.subject, t.id, t.status, t.extra, t.decided_by, t.valid_until_ms, ms, coalesce(r.version, 0) AS removed
  FROM closed t LEFT JOIN subject_removed r ON r.user_id = t.user_id AND r.subject_hash = sha256(convert_to(t.subject, 'UTF8'))
  WHERE t.subject <> '' AND t.status IN ('approved', 'revoked') AND t.user_id > @after_user::text AND (t.user_id <= @until_user::text OR @last::boolean)
), approved AS (
  SELECT DISTINCT ON (user_id, subject) * FROM decided
  WHERE status = 'approved' AND ms > removed
  ORDER BY user_id, subject, ms DESC, id DESC
), latest AS (
  SELECT * FROM user_subject_tickets u WHERE u.user_id > @after_user AND (u.user_id <= @until_user OR @last::boolean)
), seen AS (
  SELECT d.user_id, 'had an approval for a subject taken back, but nothing keeps it from being the latest again' AS problem
  FROM decided d LEFT JOIN latest l ON l.user_id = d.user_id AND l.subject = d.subject
  WHERE d.status = 'revoked' AND d.ms > greatest(d.removed, coalesce(l.updated_at_ms, 0))
  UNION
  SELECT coalesce(a.user_id, l.user_id)::text AS user_id, CASE
    WHEN l.user_id IS NULL THEN 'has an approved ticket for a subject, but no latest one'
    WHEN a.user_id IS NULL THEN 'has a latest approved ticket for a subject, but no approved one'
    WHEN a.id <> l.ticket_id OR a.ms <> l.updated_at_ms THEN 'has a latest approved ticket for a subject that is not the last one approved'
    WHEN a.extra <> l.extra OR a.decided_by <> l.decided_by OR a.valid_until_ms IS DISTINCT FROM l.valid_until_ms
      THEN 'has a latest approved ticket for a subject that says something else than the ticket'
    END AS problem
  FROM approved a FULL JOIN latest l ON l.user_id = a.user_id AND l.subject = a.subject
)
SELECT user_id, problem::text AS problem FROM seen WHERE problem IS NOT NULL ORDER BY user_id LIMIT @most;

-- name: VerifyFiles :many
-- VerifyFiles finds what tickets name, and what people are said to have seen, that is not the file of that ticket or is not there.
SELECT problem::text AS problem FROM (
  SELECT 'ticket ' || n.ticket_id || CASE
    WHEN f.id IS NULL THEN ' names the file ' || n.file_id || ', which is not there, or which is of another user or field'
    WHEN t.id IS NULL THEN ' names the file ' || n.file_id || ', but there is no such ticket'
    WHEN f.field <> n.field THEN ' names the file ' || n.file_id || ', which is of another user or field'
    WHEN f.state = 'coming' THEN ' names the file ' || n.file_id || ', which was never stored'
    WHEN f.state IN ('going', 'gone') AND t.status <> 'withdrawn' AND t.erased_at_ms IS NULL THEN ' names the file ' || n.file_id || ', which was deleted'
    END AS problem
  FROM ticket_files n LEFT JOIN files f ON f.user_id = n.user_id AND f.id = n.file_id
  LEFT JOIN (SELECT * FROM tickets UNION ALL SELECT * FROM archived_rows) t ON t.user_id = n.user_id AND t.id = n.ticket_id
  UNION ALL
  SELECT 'file ' || f.id || ' is of the ticket ' || f.ticket_id || ', which does not name it' FROM files f
  WHERE f.ticket_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ticket_files n WHERE n.user_id = f.user_id AND n.ticket_id = f.ticket_id AND n.file_id = f.id)
  UNION ALL
  SELECT DISTINCT v.actor || ' has seen the file ' || v.file_id || ', which is not there' FROM file_views v
  WHERE NOT EXISTS (SELECT 1 FROM files f WHERE f.user_id = v.user_id AND f.id = v.file_id)
) AS seen WHERE problem IS NOT NULL ORDER BY 1 LIMIT @most;

-- name: VerifyFileList :many
-- VerifyFileList lists the next files after one whose bytes are stored.
SELECT id, blob FROM files WHERE id > @after_id AND state = 'kept' ORDER BY id LIMIT @most;

-- name: VerifyFileKept :one
-- VerifyFileKept reports whether the bytes of a file are still stored.
SELECT EXISTS (SELECT 1 FROM files WHERE id = @id AND state = 'kept');

-- name: VerifyErasures :many
-- VerifyErasures finds the users of a range whose account was erased and who still have it, or have sent something since.
SELECT DISTINCT ON (user_id) user_id::text AS user_id, problem::text AS problem FROM (
  SELECT e.user_id, 1 AS nth, 'was erased, but has an account' AS problem FROM erasures e JOIN accounts a ON text(a.id) = e.user_id
  WHERE e.had_account AND e.user_id > @after_user::text AND e.user_id <= @until_user::text
  UNION ALL
  SELECT d.user_id, 2, 'was erased, but has a draft' FROM erasures e JOIN drafts d ON d.user_id = e.user_id
  WHERE e.had_account AND e.user_id > @after_user AND e.user_id <= @until_user
  UNION ALL
  SELECT t.user_id, 3, 'was erased, but has a ticket of their own that was not'
  FROM erasures e JOIN (SELECT * FROM tickets UNION ALL SELECT * FROM archived_rows) t ON t.user_id = e.user_id AND t.submitted_by = 'user:' || e.user_id AND t.erased_at_ms IS NULL
  WHERE e.had_account AND e.user_id > @after_user AND e.user_id <= @until_user
  UNION ALL
  SELECT f.user_id, 4, 'was erased, but has a file of their own'
  FROM erasures e JOIN files f ON f.user_id = e.user_id AND f.uploaded_by = 'user:' || e.user_id AND f.state IN ('coming', 'kept')
  WHERE e.had_account AND e.user_id > @after_user AND e.user_id <= @until_user
) seen ORDER BY user_id, nth;

-- name: VerifyNextErased :one
-- VerifyNextErased is the last of the next so many users whose account was erased, after one. No row: none is left.
SELECT max(user_id)::text AS user_id FROM (
  SELECT DISTINCT e.user_id FROM erasures e WHERE e.had_account AND e.user_id > @after_user ORDER BY e.user_id LIMIT @most
) next HAVING count(*) > 0;
