-- +goose Up

-- Who did what. Rows are only added; of old ones the address of the client is removed. There is no personal data in them but
-- that address: an object is the id of a ticket, a file or an account, the name of a key, or the keyed hash of an e-mail address.
CREATE TABLE audit (
  id         uuid    PRIMARY KEY DEFAULT gen_random_uuid(),
  at_ms      bigint  NOT NULL DEFAULT now_ms(),
  actor      text    NOT NULL CHECK (actor ~ '^((agent|user|key|rule):.|cli$|anonymous$)'),
  action     text    NOT NULL CHECK (action ~ '^[a-z_]{1,64}$'),
  object     text    NOT NULL DEFAULT '' CHECK (char_length(object) <= 200),
  count      bigint,
  client     inet,
  request_id text    NOT NULL DEFAULT '' CHECK (char_length(request_id) <= 64)
);
CREATE INDEX audit_time ON audit (at_ms, id);
CREATE INDEX audit_actor ON audit (actor, at_ms, id);
CREATE INDEX audit_object ON audit (object, at_ms, id) WHERE object <> '';
CREATE INDEX audit_client ON audit (at_ms) WHERE client IS NOT NULL;

-- +goose StatementBegin
-- audit_guard lets a row change in one way: the client's address is removed, 30 days after at the earliest.
CREATE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.client IS NULL AND OLD.at_ms < now_ms() - 30 * 86400000::bigint
    AND (NEW.id, NEW.at_ms, NEW.actor, NEW.action, NEW.object, NEW.count, NEW.request_id)
      IS NOT DISTINCT FROM (OLD.id, OLD.at_ms, OLD.actor, OLD.action, OLD.object, OLD.count, OLD.request_id) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% on audit is not allowed: it is only ever added to', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
-- +goose StatementEnd
CREATE TRIGGER audit_keep BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_guard();
CREATE TRIGGER audit_keep_all BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse();

-- All that was done: decisions and reopenings are in the rows that they write, and files seen under earlier releases in
-- file_views, to which the previous release still adds.
CREATE VIEW audit_all AS
SELECT id, at_ms, actor, action, object, count, client, request_id FROM audit
UNION ALL
SELECT id, updated_at_ms, decided_by, status, 'ticket:' || id::text, NULL::bigint, NULL::inet, ''::text FROM tickets WHERE status IN ('approved', 'rejected')
UNION ALL
SELECT ticket_id, at_ms, reopened_by, 'reopened'::text, 'ticket:' || ticket_id::text, NULL::bigint, NULL::inet, ''::text FROM reopenings
UNION ALL
SELECT md5('file_views' || id::text)::uuid, at_ms, actor, 'file_seen'::text, 'file:' || file_id::text, NULL::bigint, NULL::inet, ''::text FROM file_views;
