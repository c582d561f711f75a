-- +goose Up

-- step reminds those whom a step of a ticket asks.
ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check CHECK (kind IN (
  'received', 'approved', 'rejected', 'revoked', 'confirm', 'taken', 'reset', 'new_device', 'password_changed', 'factor_changed', 'invited', 'webhook_off', 'step')) NOT VALID;
