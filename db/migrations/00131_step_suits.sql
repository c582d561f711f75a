-- +goose Up

-- +goose StatementBegin
-- step_suits says whether a ticket may be handed over to an agent or a team as far as its steps are concerned: it has none, or the one that waits asks the
-- receiver. All of it is of one user: where the tables are distributed over several servers, it runs on the user's.
CREATE FUNCTION step_suits(of_user text, of_ticket uuid, to_account uuid, to_team text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN NOT EXISTS (SELECT FROM approval_steps s WHERE s.user_id = of_user AND s.ticket_id = of_ticket)
    OR open_step(of_user, of_ticket, 'agent:' || to_account) IS NOT NULL
    OR EXISTS (
      SELECT FROM approval_steps s WHERE s.user_id = of_user AND s.ticket_id = of_ticket AND s.since_ms IS NOT NULL
        AND to_team IN (s.team, CASE WHEN s.since_ms + s.stand_in_ms <= now_ms() THEN s.stand_in_team END));
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$ BEGIN
  EXECUTE format('ALTER FUNCTION step_suits(text, uuid, uuid, text) SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
