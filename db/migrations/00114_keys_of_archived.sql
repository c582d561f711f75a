-- +goose Up

-- Where tickets are partitioned, a ticket that is archived gives back its submission key, as it does elsewhere. An erasure finds the key
-- in the archive, and nowhere else.
-- +goose StatementBegin
CREATE FUNCTION submissions_give_back() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  DELETE FROM submissions s WHERE s.submitted_by = OLD.submitted_by AND s.submission_key = OLD.submission_key AND s.ticket_id = OLD.id;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER tickets_give_back AFTER DELETE ON tickets FOR EACH ROW EXECUTE FUNCTION submissions_give_back();
DELETE FROM submissions s WHERE EXISTS (SELECT FROM archived_tickets a WHERE a.id = s.ticket_id);

-- What counts for Numbers may add up what it counted, also before docs/role.sql is run again.
-- +goose StatementBegin
DO $$
DECLARE
  writer text;
BEGIN
  EXECUTE format('ALTER FUNCTION submissions_give_back() SET search_path = %I, pg_temp', current_schema());
  FOR writer IN
    SELECT DISTINCT a.grantee::regrole::text FROM pg_class c CROSS JOIN aclexplode(c.relacl) a
    WHERE c.oid = 'rollup_slots'::regclass AND a.privilege_type = 'INSERT' AND a.grantee NOT IN (0, c.relowner)
  LOOP
    EXECUTE 'GRANT SELECT, INSERT, UPDATE, DELETE ON rollup_sums, rollup_waiting TO ' || writer;
  END LOOP;
END $$;
-- +goose StatementEnd
