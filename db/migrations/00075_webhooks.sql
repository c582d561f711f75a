-- +goose Up

-- Addresses of other systems that are sent events. position is that of the last event of the feed that was handled: it was delivered, or
-- has a row in webhook_deliveries. secret is encrypted with a key made of SESSION_KEY; old_secret signs beside it until it ends. failures
-- are attempts in a row that got no answer: after some of them, nothing is sent before next_at_ms. failing_since_ms is the time of the
-- first attempt that failed since the last one that did not. One instance at a time, leased_by, sends.
CREATE TABLE webhooks (
  id                 uuid    PRIMARY KEY,
  url                text    NOT NULL CHECK (char_length(url) BETWEEN 1 AND 2000),
  types              text[]  NOT NULL CHECK (cardinality(types) > 0),
  secret             bytea   NOT NULL,
  old_secret         bytea,
  old_secret_ends_ms bigint,
  added_by           text    NOT NULL CHECK (added_by ~ '^((agent|key):.|cli$)'),
  position           bigint  NOT NULL,
  failures           integer NOT NULL DEFAULT 0,
  next_at_ms         bigint  NOT NULL DEFAULT 0,
  failing_since_ms   bigint,
  off_at_ms          bigint,
  off_reason         text    CHECK (off_reason IN ('failing', 'gone')),
  leased_by          uuid,
  leased_until_ms    bigint  NOT NULL DEFAULT 0,
  deleted_at_ms      bigint,
  created_at_ms      bigint  NOT NULL DEFAULT now_ms(),
  CHECK ((off_at_ms IS NULL) = (off_reason IS NULL)),
  CHECK ((old_secret IS NULL) = (old_secret_ends_ms IS NULL))
);

-- What was delivered to a webhook, or waits to be tried again. order_key: of the rows that have the same one, only the one of the lowest
-- position is tried. The position of a test is 0. The feed has the event: no row has its
-- text. since_ms is the time of the first attempt. answer is the first kibibyte of what the receiver said.
CREATE TABLE webhook_deliveries (
  webhook_id    uuid    NOT NULL REFERENCES webhooks (id),
  event_id      uuid    NOT NULL,
  position      bigint  NOT NULL,
  type          text    NOT NULL,
  order_key     text    NOT NULL,
  ticket_id     uuid,
  state         text    NOT NULL CHECK (state IN ('waiting', 'delivered', 'given_up')),
  attempts      integer NOT NULL DEFAULT 0,
  next_at_ms    bigint  NOT NULL DEFAULT now_ms(),
  since_ms      bigint  NOT NULL DEFAULT now_ms(),
  status        integer,
  error         text    NOT NULL DEFAULT '',
  answer        text    NOT NULL DEFAULT '' CHECK (octet_length(answer) <= 4096),
  created_at_ms bigint  NOT NULL DEFAULT now_ms(),
  updated_at_ms bigint  NOT NULL DEFAULT now_ms(),
  PRIMARY KEY (webhook_id, event_id)
);
CREATE INDEX webhook_deliveries_list ON webhook_deliveries (webhook_id, created_at_ms, event_id);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, next_at_ms) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_order ON webhook_deliveries (webhook_id, order_key, position) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_ticket ON webhook_deliveries (ticket_id);

-- +goose StatementBegin
-- webhook_deliveries_erase takes out what receivers answered of a ticket that is erased.
CREATE FUNCTION webhook_deliveries_erase() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  UPDATE webhook_deliveries SET answer = '' WHERE ticket_id = NEW.ticket_id AND answer <> '';
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER webhook_deliveries_erase AFTER INSERT ON ticket_events FOR EACH ROW
  WHEN (NEW.kind = 'erased') EXECUTE FUNCTION webhook_deliveries_erase();

-- webhook_off tells every admin that a webhook was switched off.
ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check CHECK (kind IN (
  'received', 'approved', 'rejected', 'revoked', 'confirm', 'taken', 'reset', 'new_device', 'password_changed', 'factor_changed', 'invited', 'webhook_off')) NOT VALID;

-- +goose StatementBegin
CREATE FUNCTION webhooks_mail() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF mail_is_sent() THEN
    INSERT INTO outbox (account_id, kind) SELECT a.id, 'webhook_off' FROM accounts a WHERE a.role = 'admin' AND a.confirmed AND a.disabled_at_ms IS NULL;
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER webhooks_mail AFTER UPDATE OF off_at_ms ON webhooks FOR EACH ROW
  WHEN (OLD.off_at_ms IS NULL AND NEW.off_at_ms IS NOT NULL) EXECUTE FUNCTION webhooks_mail();

-- +goose StatementBegin
DO $$ BEGIN
  EXECUTE format('ALTER FUNCTION webhook_deliveries_erase SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION webhooks_mail SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
