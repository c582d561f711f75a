-- +goose Up

-- A claim is a lease on an open ticket: while it runs, nobody else decides the ticket. It is no part of the history.
CREATE TABLE claims (
  ticket_id  uuid   PRIMARY KEY REFERENCES tickets (id),
  account_id uuid   NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  until_ms   bigint NOT NULL
);
CREATE INDEX claims_account ON claims (account_id);
