-- name: ArchivedGet :one
-- ArchivedGet reads a ticket of the archive, for agents.
SELECT * FROM archived_rows WHERE id = @id;

-- name: ArchivedGetOf :one
-- ArchivedGetOf reads a ticket of the archive for its owner.
SELECT * FROM archived_rows WHERE id = @id AND user_id = @user_id;

-- name: ArchivedHistory :one
-- ArchivedHistory reads what the archive has of a ticket beside its columns.
SELECT history FROM archived_tickets WHERE id = @id;

-- name: ArchiveMove :one
-- ArchiveMove moves the next closed tickets to the archive: see the function archive_tickets. refused_state is an SQLSTATE: the message may have
-- values of rows.
SELECT busy::boolean AS busy, seen::bigint AS seen, moved::bigint AS moved, last_ms::bigint AS last_ms, last_id::uuid AS last_id,
  refused::bigint AS refused, coalesce(refused_id::text, '')::text AS refused_id, left(coalesce(refused_why, ''), 5)::text AS refused_state
FROM archive_tickets(@before_ms::bigint, @after_ms::bigint, @after_id::uuid, @most::integer, @dry::boolean);

-- name: ArchiveHolds :one
-- ArchiveHolds reports whether tickets of a user are in the archive.
SELECT EXISTS (SELECT 1 FROM archived_counts c WHERE c.user_id = @user_id);

-- name: ArchivedListOf :many
-- ArchivedListOf is TicketListOf of the archive.
SELECT * FROM archived_rows
WHERE user_id = @user_id AND (created_at_ms, id) < (@after_ms::bigint, @after_id::uuid)
ORDER BY created_at_ms DESC, id DESC
LIMIT @max;

-- name: ArchivedClosedOf :many
-- ArchivedClosedOf lists the tickets of a user that got a status between two places in the order of closing, from the end that is asked for.
SELECT * FROM archived_rows
WHERE user_id = @user_id AND status = @status
  AND (updated_at_ms, id) > (@from_ms::bigint, @from_id::uuid) AND (updated_at_ms, id) < (@to_ms::bigint, @to_id::uuid)
ORDER BY CASE WHEN @newest::boolean THEN -updated_at_ms ELSE updated_at_ms END, CASE WHEN NOT @newest THEN id END, id DESC
LIMIT @max;

-- name: ArchivedFindWhole :many
-- ArchivedFindWhole is TicketFindWhole of the archive. What is not asked for is looked for nowhere, and what is found is read in its month.
SELECT t.* FROM (
  SELECT f.created_at_ms, f.id FROM (
    (SELECT w.created_at_ms, w.id FROM archived_tickets w WHERE w.words @@ (@whole::text)::tsquery ORDER BY w.created_at_ms DESC LIMIT @most)
    UNION
    (SELECT u.created_at_ms, u.id FROM archived_tickets u WHERE u.user_id = nullif(@user_id::text, '') ORDER BY u.created_at_ms DESC, u.id DESC LIMIT @most)
    UNION
    (SELECT o.created_at_ms, o.id FROM archived_tickets o WHERE o.user_id = (
      SELECT coalesce((SELECT i.user_id FROM provider_identities i WHERE i.account_id = a.id), a.id::text) FROM accounts a WHERE a.email = @email)
    ORDER BY o.created_at_ms DESC, o.id DESC LIMIT @most)
    UNION
    (SELECT i.created_at_ms, i.id FROM archived_tickets i WHERE i.id = nullif(@id::uuid, '00000000-0000-0000-0000-000000000000'::uuid))
  ) f
  WHERE (f.created_at_ms, f.id) < (@after_ms::bigint, @after_id::uuid)
  ORDER BY f.created_at_ms DESC, f.id DESC
  LIMIT @max
) found JOIN archived_rows t ON t.created_at_ms = found.created_at_ms AND t.id = found.id
ORDER BY t.created_at_ms DESC, t.id DESC;

-- name: ArchiveMonths :many
-- ArchiveMonths lists the months of the archive, the oldest first: how many tickets each has, and how many bytes it takes with its indexes.
SELECT month::text AS month, tickets::bigint AS tickets, bytes::bigint AS bytes FROM archive_months();

-- name: ArchiveDrop :one
-- ArchiveDrop deletes a month of the archive, or counts what that would delete: see the function archive_drop. -1 tickets: there is no such month.
SELECT coalesce(tickets, -1)::bigint AS tickets, coalesce(users, 0)::bigint AS users, coalesce(files, 0)::bigint AS files, coalesce(held, 0)::bigint AS held
FROM archive_drop(@month::text, @dry::boolean);
