-- name: EraseUser :one
-- EraseUser erases all that is known of a user: see the function erase_user.
SELECT outcome::text AS outcome, tickets_erased::bigint AS tickets, files_erased::bigint AS files, coalesce(at_ms, 0)::bigint AS at_ms
FROM erase_user(@user_id::text, @actor::text, @reason::text);

-- name: EraseUserAsAdmin :one
-- EraseUserAsAdmin is EraseUser by the admin of a session: see the function erase_user_as_admin.
SELECT outcome::text AS outcome, coalesce(tickets_erased, 0)::bigint AS tickets, coalesce(files_erased, 0)::bigint AS files, coalesce(at_ms, 0)::bigint AS at_ms
FROM erase_user_as_admin(@session_hash::bytea, @user_id::text, @reason::text, @mac::bytea);

-- name: EraseTickets :one
-- EraseTickets erases what was sent with those of some tickets that may be erased, and counts them: see the function
-- erase_tickets.
SELECT erase_tickets_due(@ids::uuid[], @actor::text, @reason::text, @mac::bytea)::bigint AS erased;

-- name: ErasureList :many
-- ErasureList lists the erasures of a user, newest first.
SELECT * FROM erasures WHERE user_id = @user_id ORDER BY at_ms DESC, id DESC LIMIT 50;

-- name: UserSummary :one
-- UserSummary counts what is kept of a user. email is empty without an account.
SELECT
  ((SELECT count(*) FROM tickets t WHERE t.user_id = @user_id AND t.erased_at_ms IS NULL)
    + (SELECT count(*) FROM archived_tickets a WHERE a.user_id = @user_id AND a.erased_at_ms IS NULL))::bigint AS tickets,
  ((SELECT count(*) FROM tickets t WHERE t.user_id = @user_id AND t.erased_at_ms IS NOT NULL)
    + (SELECT count(*) FROM archived_tickets a WHERE a.user_id = @user_id AND a.erased_at_ms IS NOT NULL))::bigint AS erased_tickets,
  (SELECT count(*) FROM files f WHERE f.user_id = @user_id AND f.state IN ('coming', 'kept'))::bigint AS files,
  (SELECT count(*) FROM drafts d WHERE d.user_id = @user_id)::bigint AS drafts,
  (SELECT count(*) FROM submission_links l WHERE l.user_id = @user_id)::bigint AS links,
  (SELECT count(*) FROM erasures e WHERE e.user_id = @user_id)::bigint AS erasures,
  coalesce((SELECT a.email FROM accounts a WHERE a.id = coalesce((SELECT i.account_id FROM provider_identities i WHERE i.user_id = @user_id), sqlc.narg('account_id')::uuid)), '')::text AS email,
  coalesce((SELECT a.role FROM accounts a WHERE a.id = coalesce((SELECT i.account_id FROM provider_identities i WHERE i.user_id = @user_id), sqlc.narg('account_id')::uuid)), '')::text AS role;

-- name: RetentionPage :many
-- RetentionPage reads the next tickets that were closed before a time and not erased, oldest first, and says which of them are due:
-- not those of a user on hold. An approval is due when the one after it, its removal or its end is as old.
WITH page AS (
  SELECT t.id, t.user_id, t.subject, t.updated_at_ms, t.expired_at_ms FROM tickets t
  WHERE t.status = @status AND t.status <> 'processing' AND t.erased_at_ms IS NULL AND t.updated_at_ms < @before_ms::bigint
    AND (t.updated_at_ms, t.id) > (@after_ms::bigint, @after_id::uuid)
  ORDER BY t.updated_at_ms, t.id
  LIMIT @most
)
SELECT p.id, p.updated_at_ms, (
  NOT EXISTS (SELECT 1 FROM holds h WHERE h.user_id = p.user_id)
  AND (@status <> 'approved'
    OR EXISTS (SELECT 1 FROM tickets n WHERE n.user_id = p.user_id AND n.subject = p.subject AND n.status IN ('approved', 'revoked') AND n.decided_at_ms > p.updated_at_ms AND n.decided_at_ms < @before_ms::bigint)
    OR EXISTS (SELECT 1 FROM archived_tickets n WHERE n.user_id = p.user_id AND n.subject = p.subject AND n.status IN ('approved', 'revoked') AND n.decided_at_ms > p.updated_at_ms AND n.decided_at_ms < @before_ms::bigint)
    OR EXISTS (SELECT 1 FROM latest_removed r WHERE r.user_id = p.user_id AND r.version >= p.updated_at_ms AND r.at_ms < @before_ms AND p.subject = '')
    OR p.expired_at_ms IS NOT NULL AND p.expired_at_ms < @before_ms)
)::boolean AS due
FROM page p ORDER BY p.updated_at_ms, p.id;

-- name: ArchivedRetentionPage :many
-- ArchivedRetentionPage is RetentionPage of the archive.
WITH page AS (
  SELECT t.id, t.user_id, t.subject, t.updated_at_ms, t.expired_at_ms FROM archived_tickets t
  WHERE t.status = @status AND t.status <> 'processing' AND t.erased_at_ms IS NULL AND t.updated_at_ms < @before_ms::bigint
    AND (t.updated_at_ms, t.id) > (@after_ms::bigint, @after_id::uuid)
  ORDER BY t.updated_at_ms, t.id
  LIMIT @most
)
SELECT p.id, p.updated_at_ms, (
  NOT EXISTS (SELECT 1 FROM holds h WHERE h.user_id = p.user_id)
  AND (@status <> 'approved'
    OR EXISTS (SELECT 1 FROM tickets n WHERE n.user_id = p.user_id AND n.subject = p.subject AND n.status IN ('approved', 'revoked') AND n.decided_at_ms > p.updated_at_ms AND n.decided_at_ms < @before_ms::bigint)
    OR EXISTS (SELECT 1 FROM archived_tickets n WHERE n.user_id = p.user_id AND n.subject = p.subject AND n.status IN ('approved', 'revoked') AND n.decided_at_ms > p.updated_at_ms AND n.decided_at_ms < @before_ms::bigint)
    OR EXISTS (SELECT 1 FROM latest_removed r WHERE r.user_id = p.user_id AND r.version >= p.updated_at_ms AND r.at_ms < @before_ms AND p.subject = '')
    OR p.expired_at_ms IS NOT NULL AND p.expired_at_ms < @before_ms)
)::boolean AS due
FROM page p ORDER BY p.updated_at_ms, p.id;

-- name: RetentionDrafts :one
-- RetentionDrafts counts the drafts that were saved last before a time and are not of a user on hold, and finds the oldest.
SELECT count(*) AS drafts, coalesce(min(d.updated_at_ms), 0)::bigint AS oldest_ms FROM drafts d
WHERE d.updated_at_ms < @before_ms AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.user_id = d.user_id);
