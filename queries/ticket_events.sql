-- name: EventList :many
-- EventList reads the history of a ticket, oldest first. The database writes it: see the trigger tickets_history.
SELECT * FROM ticket_events WHERE ticket_id = @ticket_id ORDER BY version;
