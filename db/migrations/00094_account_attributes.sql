-- +goose Up

-- What is known of the owner of an account beside the address, such as a department: a form may take it as an answer. fixed are answers
-- that every ticket of a key has.
ALTER TABLE accounts ADD COLUMN attributes jsonb NOT NULL DEFAULT '{}';
ALTER TABLE accounts ADD CONSTRAINT accounts_attributes_check CHECK (jsonb_typeof(attributes) = 'object' AND octet_length(attributes::text) <= 20000) NOT VALID;
ALTER TABLE api_keys ADD COLUMN fixed jsonb NOT NULL DEFAULT '{}';
ALTER TABLE api_keys ADD CONSTRAINT api_keys_fixed_check CHECK (jsonb_typeof(fixed) = 'object' AND octet_length(fixed::text) <= 20000) NOT VALID;

-- +goose StatementBegin
-- provider_set_attributes keeps what the claims of a provider say of somebody who has signed in there: of these names alone, as far as they
-- have a value. Others stay. False: there is no such identity, or the claims are older than five minutes.
CREATE FUNCTION provider_set_attributes(of_issuer text, of_subject text, names text[], new_attributes text, read_ms bigint, mac bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM check_mac(mac, 'provider attributes', convert_to(of_issuer, 'UTF8'), convert_to(of_subject, 'UTF8'), convert_to(array_to_string(names, ' '), 'UTF8'),
    convert_to(new_attributes, 'UTF8'), int8send(read_ms));
  IF abs(now_ms() - read_ms) > 300000 THEN
    RETURN false;
  END IF;
  UPDATE accounts a SET attributes = (a.attributes - names) || new_attributes::jsonb
  FROM provider_identities i WHERE i.issuer = of_issuer AND i.subject = of_subject AND a.id = i.account_id;
  RETURN FOUND;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
DECLARE
  writer text;
BEGIN
  EXECUTE format('ALTER FUNCTION provider_set_attributes SET search_path = %I, pg_temp', current_schema());
  REVOKE EXECUTE ON FUNCTION provider_set_attributes FROM PUBLIC;
  FOR writer IN
    SELECT DISTINCT a.grantee::regrole::text FROM pg_class c CROSS JOIN aclexplode(c.relacl) a
    WHERE c.oid = 'tickets'::regclass AND a.privilege_type = 'INSERT' AND a.grantee NOT IN (0, c.relowner)
  LOOP
    EXECUTE 'GRANT EXECUTE ON FUNCTION provider_set_attributes TO ' || writer;
  END LOOP;
END $$;
-- +goose StatementEnd
