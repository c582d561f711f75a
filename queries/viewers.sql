-- name: ViewerAdd :one
-- ViewerAdd notes that an account has the page of a ticket open, or still has. It reports whether nobody knew that before, and
-- forgets who has not said so for long.
WITH old AS (
  DELETE FROM viewers WHERE (viewers.account_id = @account_id OR viewers.ticket_id = @ticket_id) AND seen_at_ms <= now_ms() - @age_ms::bigint
    AND NOT (viewers.account_id = @account_id AND viewers.ticket_id = @ticket_id)
)
INSERT INTO viewers AS v (ticket_id, account_id) VALUES (@ticket_id, @account_id)
ON CONFLICT (ticket_id, account_id) DO UPDATE SET seen_at_ms = now_ms()
RETURNING (xmax = 0)::boolean AS added;

-- name: ViewerRemove :exec
-- ViewerRemove notes that an account has closed the page of a ticket.
DELETE FROM viewers WHERE ticket_id = @ticket_id AND account_id = @account_id;
