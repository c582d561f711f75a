-- +goose Up

-- Whoever does not own the tables adds customers only. An owner, and what runs as one, is not limited.
ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
CREATE POLICY accounts_read ON accounts FOR SELECT USING (true);
CREATE POLICY accounts_add ON accounts FOR INSERT WITH CHECK (role = 'customer');
CREATE POLICY accounts_change ON accounts FOR UPDATE USING (true);

-- account_change_as_admin gives another account a role, and disables or enables it; null leaves either as it is. False: the
-- session is not that of an admin, who has confirmed the second factor in the last ten minutes, or there is no such other
-- account.
-- +goose StatementBegin
CREATE FUNCTION account_change_as_admin(session_hash bytea, other uuid, new_role text, disable boolean) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM 1 FROM sessions s JOIN accounts a ON a.id = s.account_id
  WHERE s.token_hash = session_hash AND a.id = session_owner(session_hash) AND a.id <> other AND a.role = 'admin'
    AND NOT a.must_change_password AND s.factor_at_ms > now_ms() - 600000;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE accounts SET role = coalesce(new_role, role), version = version + 1,
    disabled_at_ms = CASE WHEN disable IS NULL THEN disabled_at_ms WHEN disable THEN coalesce(disabled_at_ms, now_ms()) END
  WHERE id = other;
  RETURN FOUND;
END $$;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION account_change_as_admin FROM PUBLIC;

-- +goose StatementBegin
-- account_rehash as it was, for customers: who reads the hash of an agent's password replaces it no more.
CREATE OR REPLACE FUNCTION account_rehash(account uuid, old text, new_hash text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  kept sessions[];
BEGIN
  SELECT coalesce(array_agg(s), '{}') INTO kept FROM sessions s WHERE s.account_id = account;
  UPDATE accounts SET password_hash = new_hash WHERE id = account AND password_hash = old AND role = 'customer'; -- a trigger ends every session
  IF FOUND THEN
    INSERT INTO sessions SELECT * FROM unnest(kept);
  END IF;
END $$;
-- +goose StatementEnd

-- A temporary table of the caller is not taken for one of these.
-- +goose StatementBegin
DO $$ BEGIN
  EXECUTE format('ALTER FUNCTION account_change_as_admin SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION account_rehash SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- files_guard keeps what was stored, and what a ticket names. Only the files of withdrawn tickets, and those that no ticket
-- names, are deleted; what the row tells of the bytes goes with them.
CREATE FUNCTION files_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.user_id, NEW.field, NEW.blob, NEW.media_type, NEW.size, NEW.uploaded_by)
     IS DISTINCT FROM (OLD.id, OLD.user_id, OLD.field, OLD.blob, OLD.media_type, OLD.size, OLD.uploaded_by)
     OR NEW.state NOT IN ('going', 'gone') AND (NEW.sha256, NEW.phash, NEW.signals) IS DISTINCT FROM (OLD.sha256, OLD.phash, OLD.signals) THEN
    RAISE EXCEPTION 'what is stored of file % cannot change', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.state IN ('going', 'gone') AND EXISTS (
    SELECT FROM ticket_files n JOIN tickets t ON t.id = n.ticket_id WHERE n.file_id = OLD.id AND t.status <> 'withdrawn'
  ) OR NEW.ticket_id IS DISTINCT FROM OLD.ticket_id AND EXISTS (
    SELECT FROM ticket_files n JOIN tickets t ON t.id = n.ticket_id
    WHERE n.file_id = OLD.id AND n.ticket_id = OLD.ticket_id AND (t.status IN ('processing', 'approved') OR t.status = 'rejected' AND NEW.ticket_id IS NULL)
  ) THEN
    RAISE EXCEPTION 'file % is named by a ticket that needs it', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER files_guard BEFORE UPDATE ON files FOR EACH ROW EXECUTE FUNCTION files_guard();
