-- name: AheadKeep :one
-- AheadKeep renews the claim on the ticket that an agent has claimed ahead for a list. No row: there is none, it is closed, or its claim
-- has ended.
UPDATE claims c SET until_ms = now_ms() + @lease_ms::bigint
FROM claims_ahead a JOIN tickets t ON t.id = a.ticket_id
WHERE a.account_id = @account_id AND a.list_hash = @list_hash AND c.user_id = t.user_id AND c.ticket_id = a.ticket_id AND c.account_id = a.account_id
  AND c.until_ms > now_ms() AND t.status = 'processing'
RETURNING c.ticket_id;

-- name: AheadAdd :one
-- AheadAdd makes an agent's claim on a ticket a short one, ahead for a list. No row: there is one ahead already, or the agent does not hold
-- the ticket.
WITH added AS (
  INSERT INTO claims_ahead (account_id, ticket_id, list_hash)
  SELECT c.account_id, c.ticket_id, @list_hash FROM claims c WHERE c.ticket_id = @ticket_id AND c.account_id = @account_id
  ON CONFLICT (account_id) DO NOTHING
  RETURNING ticket_id, account_id
)
UPDATE claims c SET until_ms = now_ms() + @lease_ms::bigint
FROM added a WHERE c.ticket_id = a.ticket_id AND c.account_id = a.account_id
RETURNING c.ticket_id;

-- name: AheadTake :one
-- AheadTake ends that a ticket is claimed ahead. If it is for this list, its claim becomes an ordinary one (taken); otherwise the claim
-- ends (dropped).
WITH ahead AS (
  DELETE FROM claims_ahead h WHERE h.account_id = @account_id RETURNING h.ticket_id, h.account_id, h.list_hash
), taken AS (
  UPDATE claims c SET until_ms = now_ms() + @lease_ms::bigint
  WHERE c.until_ms > now_ms() AND EXISTS (SELECT 1 FROM tickets t WHERE t.user_id = c.user_id AND t.id = c.ticket_id AND t.status = 'processing') AND (c.ticket_id, c.account_id) IN (
    SELECT ahead.ticket_id, ahead.account_id FROM ahead WHERE ahead.list_hash = @list_hash::bigint
  )
  RETURNING c.ticket_id
), dropped AS (
  DELETE FROM claims c WHERE (c.ticket_id, c.account_id) IN (SELECT ahead.ticket_id, ahead.account_id FROM ahead WHERE ahead.list_hash <> @list_hash::bigint)
  RETURNING c.ticket_id
)
SELECT coalesce((SELECT ticket_id FROM taken), '00000000-0000-0000-0000-000000000000')::uuid AS taken,
  coalesce((SELECT ticket_id FROM dropped), '00000000-0000-0000-0000-000000000000')::uuid AS dropped;

-- name: AheadOpen :exec
-- AheadOpen makes the claim on a ticket an ordinary one, if the agent has claimed it ahead.
WITH opened AS (
  DELETE FROM claims_ahead h WHERE h.account_id = @account_id AND h.ticket_id = @ticket_id RETURNING h.ticket_id, h.account_id
)
UPDATE claims c SET until_ms = now_ms() + @lease_ms::bigint
FROM opened o WHERE c.ticket_id = o.ticket_id AND c.account_id = o.account_id AND c.until_ms > now_ms();

-- name: AheadDrop :one
-- AheadDrop gives back the ticket that an agent has claimed ahead. No row: there is none.
WITH ahead AS (
  DELETE FROM claims_ahead h WHERE h.account_id = @account_id RETURNING h.ticket_id, h.account_id
)
DELETE FROM claims c WHERE (c.ticket_id, c.account_id) IN (SELECT ahead.ticket_id, ahead.account_id FROM ahead)
RETURNING c.ticket_id;
