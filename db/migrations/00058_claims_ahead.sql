-- +goose Up

-- The ticket that an agent's page has claimed to load its pictures while another one is decided: one at most for each agent. Its claim is
-- a short one in claims. What is lost with a crash of the server ends with that. list_hash is of the list whose next ticket it is.
CREATE UNLOGGED TABLE claims_ahead (
  account_id uuid   PRIMARY KEY,
  ticket_id  uuid   NOT NULL,
  list_hash  bigint NOT NULL
);
