-- name: SecondLookLock :one
-- SecondLookLock reads up to when decisions were drawn of, and keeps other instances from drawing until the transaction ends. No row:
-- another instance does.
SELECT s.drawn_ms, now_ms()::bigint AS now_ms FROM second_look_state s FOR UPDATE SKIP LOCKED;

-- name: SecondLookDraw :exec
-- SecondLookDraw draws of the decisions from a time to another: of 2^32 equally many cases, as many as threshold says. To draw twice
-- of the same changes nothing.
INSERT INTO second_looks (user_id, ticket_id, decided_by, status, decided_at_ms)
SELECT t.user_id, e.ticket_id, e.actor, e.kind, e.at_ms
FROM ticket_events e JOIN tickets t ON t.user_id = e.user_id AND t.id = e.ticket_id CROSS JOIN second_look_state s
WHERE e.at_ms >= @from_ms AND e.at_ms < @to_ms AND e.kind IN ('approved', 'rejected') AND t.erased_at_ms IS NULL
  AND ('x' || left(encode(sha256(convert_to(s.secret::text || e.ticket_id::text, 'UTF8')), 'hex'), 8))::bit(32)::bigint < @threshold::bigint
ON CONFLICT DO NOTHING;

-- name: SecondLookSetDrawn :exec
-- SecondLookSetDrawn notes that decisions of before a time are drawn of.
UPDATE second_look_state SET drawn_ms = @drawn_ms;

-- name: SecondLookDropOld :exec
-- SecondLookDropOld removes looks that nobody has given and that were drawn before a time, at most so many.
DELETE FROM second_looks WHERE ticket_id IN (
  SELECT l.ticket_id FROM second_looks l WHERE l.given_by IS NULL AND l.drawn_at_ms < @before_ms ORDER BY l.drawn_at_ms LIMIT @most
);

-- name: SecondLookOffered :many
-- SecondLookOffered lists the tickets at which an agent can take a second look, those that were drawn first at the top.
SELECT l.ticket_id FROM (
  SELECT o.ticket_id, o.drawn_at_ms FROM second_looks o
  WHERE o.given_by IS NULL AND (o.taken_by = @agent::uuid OR coalesce(o.taken_until_ms, 0) <= now_ms())
  ORDER BY o.drawn_at_ms, o.ticket_id OFFSET 0
) l CROSS JOIN second_look_state s
WHERE second_look_open_to(l.ticket_id, @agent::uuid)
ORDER BY l.drawn_at_ms, l.ticket_id
LIMIT @most;

-- name: SecondLookNext :many
-- SecondLookNext lists the looks that an agent can take next, the one that the agent has first.
SELECT l.ticket_id FROM (
  SELECT o.ticket_id, o.drawn_at_ms, (o.taken_by IS DISTINCT FROM @agent::uuid OR o.taken_until_ms <= now_ms()) AS free FROM second_looks o
  WHERE o.given_by IS NULL AND (o.taken_by = @agent::uuid OR coalesce(o.taken_until_ms, 0) <= now_ms())
  ORDER BY free, o.drawn_at_ms, o.ticket_id OFFSET 0
) l CROSS JOIN second_look_state s
WHERE second_look_open_to(l.ticket_id, @agent::uuid)
ORDER BY l.free, l.drawn_at_ms, l.ticket_id
LIMIT @most;

-- name: SecondLookTake :one
-- SecondLookTake takes a look for an agent, or keeps it. No row: somebody else has it, or it is not open to the agent.
UPDATE second_looks SET taken_by = @agent::uuid, taken_until_ms = now_ms() + @lease_ms::bigint
WHERE ticket_id = @ticket_id AND given_by IS NULL AND (taken_by = @agent::uuid OR coalesce(taken_until_ms, 0) <= now_ms())
  AND second_look_open_to(@ticket_id, @agent::uuid)
RETURNING ticket_id;

-- name: SecondLookGive :one
-- SecondLookGive gives a look. No row: it was given, or is not open to the agent.
UPDATE second_looks SET given_by = 'agent:' || @agent::uuid, verdict = @verdict::text, reasons = sqlc.narg('reasons')::text[], note = @note::text, given_at_ms = now_ms()
WHERE ticket_id = @ticket_id AND given_by IS NULL AND second_look_open_to(@ticket_id, @agent::uuid)
RETURNING ticket_id;

-- name: SecondLookGet :one
-- SecondLookGet reads the look at a ticket. No row: it was not drawn.
SELECT * FROM second_looks WHERE ticket_id = @ticket_id;

-- name: SecondLookDiffering :many
-- SecondLookDiffering lists the looks since a time that differ from the decision, the latest first.
SELECT * FROM second_looks WHERE given_by IS NOT NULL AND given_at_ms >= @since_ms::bigint AND verdict <> status
ORDER BY given_at_ms DESC LIMIT @most;

-- name: SecondLookOf :many
-- SecondLookOf lists the looks that an agent gave since a time, the latest first.
SELECT * FROM second_looks WHERE given_by = @given_by::text AND given_at_ms >= @since_ms::bigint
ORDER BY given_at_ms DESC LIMIT @most;
