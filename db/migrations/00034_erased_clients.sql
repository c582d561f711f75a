-- +goose Up

-- +goose StatementBegin
-- audit_guard as it was; an erasure removes the client's address at once.
CREATE OR REPLACE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.client IS NULL AND (OLD.at_ms < now_ms() - 30 * 86400000::bigint OR erasing(TG_RELID))
    AND (NEW.id, NEW.at_ms, NEW.actor, NEW.action, NEW.object, NEW.count, NEW.request_id)
      IS NOT DISTINCT FROM (OLD.id, OLD.at_ms, OLD.actor, OLD.action, OLD.object, OLD.count, OLD.request_id) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% on audit is not allowed: it is only ever added to', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- erasures_clients removes from the audit the addresses that an erased user came from. It runs in erase_user, as the owner.
CREATE FUNCTION erasures_clients() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE audit SET client = NULL WHERE actor = 'user:' || NEW.user_id AND client IS NOT NULL;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER erasures_clients AFTER INSERT ON erasures FOR EACH ROW EXECUTE FUNCTION erasures_clients();
