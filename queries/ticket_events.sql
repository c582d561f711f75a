-- name: EventList :many
-- EventList reads the history of a ticket, oldest first, with the approvals of its steps. The database writes it: see the trigger
-- tickets_closed.
SELECT e.ticket_id, e.version, e.kind, e.actor, e.at_ms, e.reason, e.comment, e.note, e.reasons, e.class, e.rule_hash, ''::text AS step_name, 0 AS step
FROM ticket_events e WHERE e.ticket_id = @ticket_id
UNION ALL
SELECT o.ticket_id, 1, @step_kind::text, o.given_by, o.at_ms, NULL, NULL, o.note, NULL, NULL, NULL, s.name, s.step
FROM opinions o JOIN approval_steps s ON s.user_id = o.user_id AND s.ticket_id = o.ticket_id AND s.step = o.step
WHERE o.ticket_id = @ticket_id
ORDER BY version, step;
