-- name: TicketSubmitOne :one
-- TicketSubmitOne adds an open ticket where the tables are distributed, and says whether it did: see the function ticket_submit.
SELECT ticket_submit(@id::uuid, @user_id::text, @extra::jsonb, @form_version::text, @language::text, @queue::text, @one_open::boolean, @attempts::integer,
  @submitted_by::text, @submission_key::text, @submission_hash::bytea, @subject::text, @whole::text, @words::text, @daily_limit::integer)::boolean AS added;

-- name: TicketDecideOne :one
-- TicketDecideOne closes an open ticket where the tables are distributed, and returns its user, or nothing where TicketDecide returns no row: see
-- the function ticket_decide.
SELECT coalesce(ticket_decide(@id::uuid, @version::bigint, @status::text, @decided_by::text, @ignore_placed::boolean, @subject::text, @valid_until_ms::bigint,
  sqlc.narg('grant_extra')::jsonb, @reasons::text, @reject_rows::text, @class::text, @comment::text, @note::text, @rule_hash::text), '')::text AS user_id;

-- name: TicketUser :one
-- TicketUser finds whose a ticket is, in all shards.
SELECT user_id FROM tickets WHERE id = @id;
