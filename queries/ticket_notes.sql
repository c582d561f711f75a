-- name: NoteSkip :one
-- NoteSkip lets go of an open ticket, and keeps it from being offered to the agent for a time. No row: it is closed, the agent's own,
-- or its decision is pending.
WITH open AS (
  SELECT t.id, t.user_id FROM tickets t WHERE (@of_user::text = '' OR t.user_id = @of_user) AND t.id = @ticket_id AND t.status = 'processing' AND t.user_id <> text(@account_id::uuid)
    AND NOT EXISTS (SELECT 1 FROM pending_decisions d WHERE d.user_id = t.user_id AND d.ticket_id = t.id AND d.due_at_ms IS NOT NULL)
  FOR KEY SHARE
), released AS (
  DELETE FROM claims USING open WHERE claims.user_id = open.user_id AND claims.ticket_id = open.id AND claims.account_id = @account_id
)
INSERT INTO ticket_notes (id, user_id, ticket_id, kind, actor, until_ms)
SELECT @id, open.user_id, open.id, 'skipped', 'agent:' || text(@account_id::uuid), now_ms() + @skip_ms::bigint FROM open
ON CONFLICT DO NOTHING
RETURNING ticket_id;

-- name: NoteComment :one
-- NoteComment adds a comment of an agent to a ticket. No row: there is no such ticket, it is the agent's own, or it was erased.
INSERT INTO ticket_notes (id, user_id, ticket_id, kind, actor, text)
SELECT @id, t.user_id, t.id, 'commented', 'agent:' || text(@account_id::uuid), @text FROM tickets t
WHERE (@of_user::text = '' OR t.user_id = @of_user) AND t.id = @ticket_id AND t.user_id <> text(@account_id::uuid) AND t.erased_at_ms IS NULL
FOR KEY SHARE
ON CONFLICT DO NOTHING
RETURNING ticket_id;

-- name: NoteList :many
-- NoteList lists what agents did with a ticket beside deciding it, oldest first: the last of very many.
SELECT * FROM (
  SELECT * FROM ticket_notes WHERE ticket_notes.ticket_id = @ticket_id ORDER BY at_ms DESC, id DESC LIMIT @max
) AS latest
ORDER BY at_ms, id;

-- name: NoteGet :one
-- NoteGet finds a note by its id.
SELECT * FROM ticket_notes WHERE id = @id;
