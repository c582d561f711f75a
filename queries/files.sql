-- name: FileAdd :exec
-- FileAdd adds a file whose bytes are to be stored.
INSERT INTO files (id, user_id, field, blob, media_type, size, sha256, phash, signals, readings, uploaded_by, previewed_at_ms)
VALUES (@id, @user_id, @field, @blob, @media_type, @size, @sha256, sqlc.narg(phash), @signals, @readings, @uploaded_by, CASE WHEN @previewed::boolean THEN now_ms() END);

-- name: FileConfirm :execrows
-- FileConfirm records that the bytes of a file are stored. No row: that took so long that the file was given up.
UPDATE files SET state = 'kept' WHERE id = @id AND state = 'coming';

-- name: FileFail :exec
-- FileFail records that the bytes of a file could not be stored; the file is deleted later.
UPDATE files SET state = 'going' WHERE id = @id AND state = 'coming';

-- name: FileBeginPreviews :execrows
-- FileBeginPreviews records that the previews of a file are about to be stored. No row: it was deleted meanwhile.
UPDATE files SET previewed_at_ms = now_ms() WHERE id = @id AND state = 'kept';

-- name: FileForgetPreviews :exec
-- FileForgetPreviews records that the previews of a marked file are deleted. Young ones may still be on their way.
UPDATE files SET previewed_at_ms = NULL WHERE id = @id AND state = 'going' AND previewed_at_ms < now_ms() - @unfinished_ms::bigint;

-- name: FileGet :one
-- FileGet is one file of any user. No row: there is none, or its bytes are not stored.
SELECT * FROM files WHERE id = @id AND state = 'kept';

-- name: FileList :many
-- FileList is those of a user's files that have these ids.
SELECT * FROM files WHERE user_id = @user_id AND id = ANY (@ids::uuid[]) AND state = 'kept';

-- name: FileListOfTicket :many
-- FileListOfTicket is the files that a ticket names and that are there, in the order in which they were sent, with the field for which
-- it names each.
SELECT n.field AS named_for, sqlc.embed(f) FROM ticket_files n JOIN files f ON f.user_id = n.user_id AND f.id = n.file_id
WHERE n.ticket_id = @ticket_id AND f.state = 'kept' ORDER BY f.id;

-- name: FileListSame :many
-- FileListSame is those of a user's files with these ids that have the same bytes as the one that a ticket names for the same
-- field, with the id of that one.
SELECT f.id, n.file_id
FROM ticket_files n JOIN files named ON named.user_id = n.user_id AND named.id = n.file_id
  JOIN files f ON f.user_id = n.user_id AND f.field = n.field AND f.sha256 = named.sha256
WHERE n.ticket_id = @ticket_id AND f.user_id = @user_id AND f.id = ANY (@ids::uuid[]);

-- name: FileAssign :execrows
-- FileAssign assigns files of a user to a new ticket of theirs; the database adds a row of ticket_files for each. A file that
-- another ticket names is assigned only if that ticket was rejected or withdrawn, and stays named by it. As many rows as
-- files: all were assigned.
UPDATE files f SET ticket_id = @ticket_id
FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@fields::text[]) AS field) AS named
WHERE f.id = named.id AND f.field = named.field AND f.user_id = @user_id AND f.state = 'kept'
  AND (f.ticket_id IS NULL OR EXISTS (
    SELECT 1 FROM tickets t WHERE t.user_id = f.user_id AND t.id = f.ticket_id AND t.status IN ('rejected', 'withdrawn')) OR f.ticket_id IN (
    SELECT a.id FROM archived_tickets a WHERE a.user_id = @user_id AND a.status IN ('rejected', 'withdrawn')));

-- name: FileUnassignWithdrawn :one
-- FileUnassignWithdrawn takes their files from the next withdrawn tickets, after a place in the order of withdrawal; a ticket
-- goes on naming its files. It returns how many tickets there were, and the place of the last.
WITH withdrawn AS (
  SELECT id, updated_at_ms FROM tickets
  WHERE status = 'withdrawn' AND (updated_at_ms, id) > (@after_ms::bigint, @after_id::uuid) AND updated_at_ms < (SELECT now_ms() - @age_ms::bigint)
  ORDER BY updated_at_ms, id
  LIMIT @most
), unassigned AS (
  UPDATE files f SET ticket_id = NULL FROM withdrawn w WHERE f.ticket_id = w.id
)
SELECT count(*) AS tickets, coalesce(max(w.updated_at_ms), @after_ms)::bigint AS last_ms,
  coalesce((array_agg(w.id ORDER BY w.updated_at_ms DESC, w.id DESC))[1], @after_id)::uuid AS last_id
FROM withdrawn w;

-- name: FileMarkUnused :execrows
-- FileMarkUnused marks files that are to be deleted: no ticket names them but withdrawn ones, no draft does, and they are older
-- than what may still be under way; what another system sent is kept for longer. A file whose bytes were not stored is marked,
-- too. Files of a user on hold are not.
WITH old AS (
  SELECT user_id, id FROM files
  WHERE ticket_id IS NULL AND state IN ('coming', 'kept') AND created_at_ms < (SELECT now_ms() - @unfinished_ms::bigint)
    AND (state = 'coming' OR uploaded_by NOT LIKE 'key:%' OR created_at_ms < now_ms() - @unnamed_ms::bigint)
    AND (state = 'coming' OR NOT EXISTS (SELECT 1 FROM holds h WHERE h.user_id = files.user_id))
    AND NOT EXISTS (
      SELECT 1 FROM ticket_files n JOIN tickets t ON t.user_id = n.user_id AND t.id = n.ticket_id
      WHERE n.user_id = files.user_id AND n.file_id = files.id AND t.status <> 'withdrawn')
    AND NOT EXISTS (
      SELECT 1 FROM ticket_files n JOIN archived_rows a ON a.user_id = n.user_id AND a.id = n.ticket_id
      WHERE n.user_id = files.user_id AND n.file_id = files.id AND a.status <> 'withdrawn')
    AND NOT EXISTS (
      SELECT 1 FROM drafts d
      WHERE d.user_id = files.user_id AND d.updated_at_ms >= (SELECT now_ms() - @draft_ms::bigint)
        AND (d.answers -> files.field ? files.id::text OR files.field LIKE '%.%' AND EXISTS (
          SELECT 1 FROM jsonb_each(d.answers) AS a WHERE a.value ? files.id::text)))
    AND NOT (files.uploaded_by LIKE 'link:%' AND draft_names_file(files.uploaded_by, now_ms() - @draft_ms::bigint, files.field, files.id))
  ORDER BY created_at_ms
  LIMIT @most
  FOR UPDATE SKIP LOCKED
)
UPDATE files f SET state = 'going' FROM old WHERE f.user_id = old.user_id AND f.id = old.id AND f.ticket_id IS NULL AND f.state IN ('coming', 'kept');

-- name: FileListGoing :many
-- FileListGoing lists files that are marked, of one user or (user_id is empty) of all, after a place in the order of users and
-- ids.
SELECT id, user_id, blob, (previewed_at_ms IS NOT NULL)::boolean AS previewed FROM files
WHERE state = 'going' AND (@user_id::text = '' OR user_id = @user_id) AND (user_id, id) > (@after_user::text, @after_id::uuid)
ORDER BY user_id, id
LIMIT @most;

-- name: FileForget :exec
-- FileForget deletes the row of a marked file whose bytes are deleted, or, when a ticket names it or somebody has seen it, what the row tells of them. A
-- young one stays marked, and one that has previews: their bytes may still be on their way.
WITH named AS (
  UPDATE files f SET state = 'gone', sha256 = '', phash = NULL, signals = '{}'
  WHERE f.id = @id AND f.state = 'going' AND f.created_at_ms < now_ms() - @unfinished_ms::bigint AND f.previewed_at_ms IS NULL
    AND (EXISTS (SELECT 1 FROM ticket_files n WHERE n.user_id = f.user_id AND n.file_id = f.id) OR EXISTS (SELECT 1 FROM file_views v WHERE v.user_id = f.user_id AND v.file_id = f.id))
)
DELETE FROM files f
WHERE f.id = @id AND f.state = 'going' AND f.created_at_ms < now_ms() - @unfinished_ms AND f.previewed_at_ms IS NULL
  AND NOT EXISTS (SELECT 1 FROM ticket_files n WHERE n.user_id = f.user_id AND n.file_id = f.id)
  AND NOT EXISTS (SELECT 1 FROM file_views v WHERE v.user_id = f.user_id AND v.file_id = f.id);

-- name: FileDuplicates :batchmany
-- FileDuplicates finds files of other users' tickets that have the same bytes as a file, or look nearly the same; the exact ones first, then the newest. Of
-- those with the same part of a hash the newest are compared.
WITH o AS MATERIALIZED (SELECT h.user_id, h.sha256, h.phash FROM files h WHERE h.id = @id AND h.state = 'kept')
SELECT duplicate.id, duplicate.user_id, duplicate.ticket_id, duplicate.exact
FROM (
  (SELECT f.id, f.user_id, f.ticket_id, true AS exact FROM files f
  WHERE f.sha256 = (SELECT o.sha256 FROM o) AND f.user_id <> (SELECT o.user_id FROM o) AND f.ticket_id IS NOT NULL
  LIMIT @most)
  UNION ALL
  SELECT near.id, near.user_id, near.ticket_id, false FROM (
    (SELECT f.id, f.user_id, f.ticket_id, f.phash, f.sha256 FROM files f
    WHERE (f.phash & 8191) = (SELECT o.phash & 8191 FROM o) AND f.user_id <> (SELECT o.user_id FROM o) AND f.ticket_id IS NOT NULL AND f.phash IS NOT NULL
    ORDER BY f.id DESC LIMIT @compared)
    UNION
    (SELECT f.id, f.user_id, f.ticket_id, f.phash, f.sha256 FROM files f
    WHERE ((f.phash >> 13) & 8191) = (SELECT (o.phash >> 13) & 8191 FROM o) AND f.user_id <> (SELECT o.user_id FROM o) AND f.ticket_id IS NOT NULL AND f.phash IS NOT NULL
    ORDER BY f.id DESC LIMIT @compared)
    UNION
    (SELECT f.id, f.user_id, f.ticket_id, f.phash, f.sha256 FROM files f
    WHERE ((f.phash >> 26) & 8191) = (SELECT (o.phash >> 26) & 8191 FROM o) AND f.user_id <> (SELECT o.user_id FROM o) AND f.ticket_id IS NOT NULL AND f.phash IS NOT NULL
    ORDER BY f.id DESC LIMIT @compared)
    UNION
    (SELECT f.id, f.user_id, f.ticket_id, f.phash, f.sha256 FROM files f
    WHERE ((f.phash >> 39) & 8191) = (SELECT (o.phash >> 39) & 8191 FROM o) AND f.user_id <> (SELECT o.user_id FROM o) AND f.ticket_id IS NOT NULL AND f.phash IS NOT NULL
    ORDER BY f.id DESC LIMIT @compared)
    UNION
    (SELECT f.id, f.user_id, f.ticket_id, f.phash, f.sha256 FROM files f
    WHERE ((f.phash >> 52) & 4095) = (SELECT (o.phash >> 52) & 4095 FROM o) AND f.user_id <> (SELECT o.user_id FROM o) AND f.ticket_id IS NOT NULL AND f.phash IS NOT NULL
    ORDER BY f.id DESC LIMIT @compared)
  ) near
  WHERE bit_count((near.phash # (SELECT o.phash FROM o))::bit(64)) <= @bits::int AND near.sha256 <> (SELECT o.sha256 FROM o)
  ORDER BY 4 DESC, 1 DESC
  LIMIT @most
) duplicate
ORDER BY duplicate.exact DESC, duplicate.id DESC;
