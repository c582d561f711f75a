-- name: StepAdd :exec
-- StepAdd keeps the steps of a new ticket. The first turn waits since the ticket was created.
INSERT INTO approval_steps (user_id, ticket_id, step, turn, name, email, team, key, remind_ms, stand_in_ms, stand_in_team, since_ms)
SELECT @user_id, @ticket_id, s.step, s.turn, s.name, nullif(s.email, ''), nullif(s.team, ''), nullif(s.key, ''), nullif(s.remind_ms, 0), nullif(s.stand_in_ms, 0),
  nullif(s.stand_in_team, ''), CASE WHEN s.turn = min(s.turn) OVER () THEN @since_ms::bigint END
FROM (SELECT generate_subscripts(@turns::integer[], 1)::integer AS step, unnest(@turns::integer[]) AS turn, unnest(@names::text[]) AS name, unnest(@emails::text[]) AS email,
  unnest(@teams::text[]) AS team, unnest(@keys::text[]) AS key, unnest(@reminds_ms::bigint[]) AS remind_ms, unnest(@stand_ins_ms::bigint[]) AS stand_in_ms,
  unnest(@stand_in_teams::text[]) AS stand_in_team) AS s;

-- name: StepGive :one
-- StepGive keeps an approval as that of the step that its actor may give now, and returns that: see the function step_give.
SELECT step_give(@user_id::text, @ticket_id::uuid, @given_by::text, @note::text, sqlc.narg('grant_extra')::jsonb)::integer AS step;

-- name: StepList :many
-- StepList lists the steps of these tickets, with who has given them.
SELECT s.*, coalesce(o.given_by, '')::text AS given_by, coalesce(o.at_ms, 0)::bigint AS given_at_ms, coalesce(o.note, '')::text AS note, o.grant_extra
FROM approval_steps s LEFT JOIN opinions o ON o.user_id = s.user_id AND o.ticket_id = s.ticket_id AND o.step = s.step
WHERE s.ticket_id = ANY (@ids::uuid[])
ORDER BY s.ticket_id, s.step;

-- name: StepOpinionList :many
-- StepOpinionList lists the steps of these tickets, with who has given them, and the opinions of those without steps: their turn is 0.
SELECT s.ticket_id, s.step, s.turn, s.name, s.email, s.team, s.key, s.remind_ms, s.stand_in_ms, s.stand_in_team, s.since_ms,
  coalesce(o.ordinal, 0)::integer AS ordinal, coalesce(o.given_by, '')::text AS given_by, coalesce(o.verdict, '')::text AS verdict, o.reasons, o.class, o.reject_rows,
  coalesce(o.comment, '')::text AS comment, coalesce(o.note, '')::text AS note, coalesce(o.at_ms, 0)::bigint AS at_ms, o.grant_extra
FROM approval_steps s LEFT JOIN opinions o ON o.user_id = s.user_id AND o.ticket_id = s.ticket_id AND o.step = s.step
WHERE s.ticket_id = ANY (@ids::uuid[])
UNION ALL
SELECT o.ticket_id, o.step, 0, '', NULL, NULL, NULL, NULL, NULL, NULL, NULL,
  o.ordinal, o.given_by, o.verdict, o.reasons, o.class, o.reject_rows, o.comment, o.note, o.at_ms, o.grant_extra
FROM opinions o
WHERE o.ticket_id = ANY (@ids::uuid[]) AND NOT EXISTS (SELECT 1 FROM approval_steps s WHERE s.user_id = o.user_id AND s.ticket_id = o.ticket_id)
ORDER BY ticket_id, step, ordinal;

-- name: StepOpenTo :many
-- StepOpenTo finds the step that an actor may give now of each of these tickets.
SELECT DISTINCT s.ticket_id, open_step(s.user_id, s.ticket_id, @actor)::integer AS step
FROM approval_steps s WHERE s.ticket_id = ANY (@ids::uuid[]) AND s.since_ms IS NOT NULL AND open_step(s.user_id, s.ticket_id, @actor) IS NOT NULL;
