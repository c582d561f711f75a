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
-- ArchiveMove moves the next closed tickets to the archive: see the function archive_tickets.
SELECT busy::boolean AS busy, seen::bigint AS seen, moved::bigint AS moved, last_ms::bigint AS last_ms, last_id::uuid AS last_id
FROM archive_tickets(@before_ms::bigint, @after_ms::bigint, @after_id::uuid, @most::integer, @dry::boolean);
