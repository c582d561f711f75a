-- +goose Up

-- As before, but where several people have chosen a password for the address, who opens a link need not be the one who chose its
-- password: then none of them works, and a link to choose one is sent.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION account_confirm(link_hash bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  link account_links%ROWTYPE;
  several boolean;
BEGIN
  SELECT l.* INTO link FROM account_links l WHERE l.token_hash = link_hash AND l.kind = 'confirm' AND l.expires_at_ms > now_ms();
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  SELECT link.password_hash <> a.password_hash OR EXISTS (
    SELECT FROM account_links l WHERE l.account_id = a.id AND l.kind = 'confirm' AND l.password_hash <> coalesce(link.password_hash, a.password_hash)
  ) INTO several FROM accounts a WHERE a.id = link.account_id FOR UPDATE;
  UPDATE accounts a SET confirmed = true, password_hash = CASE WHEN several THEN '' ELSE coalesce(link.password_hash, a.password_hash) END,
    version = a.version + 1
  WHERE a.id = link.account_id AND NOT a.confirmed;
  IF FOUND AND several THEN
    INSERT INTO outbox (account_id, kind) VALUES (link.account_id, 'reset');
  END IF;
  DELETE FROM account_links l WHERE l.account_id = link.account_id AND l.kind = 'confirm' AND l.token_hash <> link_hash;
  RETURN true;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION account_confirm(bytea) SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
