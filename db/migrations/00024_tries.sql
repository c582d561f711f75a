-- +goose Up

-- Tries to sign in, by keyed hashes of who and where: the address typed, a device with its account, a network. level rises by
-- one with each try, and falls with time from at_ms on.
CREATE TABLE tries (
  subject bytea            PRIMARY KEY CHECK (octet_length(subject) = 32),
  level   double precision NOT NULL CHECK (level >= 0),
  at_ms   bigint           NOT NULL
);

-- +goose StatementBegin
-- count_try counts one try of each subject and returns 0; or it counts none, and returns how many milliseconds one of them has
-- to wait. A subject has its first tries free; each further one doubles the wait, from a second up to a quarter of an hour. It
-- forgets a try every forget_ms. Of tries at the same time each sees those before it. The commit waits for no disk and no
-- standby: a count that a crash loses is worth less than the time that its row would be locked.
CREATE FUNCTION count_try(subjects bytea[], free integer[], forget_ms bigint[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  wait_ms bigint;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  INSERT INTO tries (subject, level, at_ms) SELECT s, 0, 0 FROM unnest(subjects) AS s ORDER BY s
  ON CONFLICT (subject) DO UPDATE SET level = 0 WHERE false; -- locks the rows, in one order
  SELECT max(t.at_ms + least(900000, 1000 * 2 ^ least(t.level - o.free, 10))) - now_ms() INTO wait_ms
  FROM tries t JOIN unnest(subjects, free) AS o (subject, free) USING (subject)
  WHERE t.level >= o.free;
  IF wait_ms > 0 THEN
    RETURN wait_ms;
  END IF;
  UPDATE tries t SET level = greatest(0, t.level - greatest(0, now_ms() - t.at_ms) / o.forget_ms::double precision) + 1, at_ms = now_ms()
  FROM unnest(subjects, forget_ms) AS o (subject, forget_ms) WHERE t.subject = o.subject;
  RETURN 0;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- give_back_try takes one try back from each subject, and all tries from those that are cleared.
CREATE FUNCTION give_back_try(subjects bytea[], cleared bytea[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  PERFORM FROM tries WHERE subject = ANY (subjects || cleared) ORDER BY subject FOR UPDATE;
  UPDATE tries SET level = CASE WHEN subject = ANY (cleared) THEN 0 ELSE greatest(0, level - 1) END
  WHERE subject = ANY (subjects || cleared);
END $$;
-- +goose StatementEnd

-- account_rehash replaces the hash of a password by another one of the same password, and keeps the sessions of the account.
-- Nothing changes when old is not its hash.
-- +goose StatementBegin
CREATE FUNCTION account_rehash(account uuid, old text, new_hash text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  kept sessions[];
BEGIN
  SELECT coalesce(array_agg(s), '{}') INTO kept FROM sessions s WHERE s.account_id = account;
  UPDATE accounts SET password_hash = new_hash WHERE id = account AND password_hash = old; -- a trigger ends every session
  IF FOUND THEN
    INSERT INTO sessions SELECT * FROM unnest(kept);
  END IF;
END $$;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION account_rehash FROM PUBLIC;
-- +goose StatementBegin
DO $$ BEGIN
  EXECUTE format('ALTER FUNCTION account_rehash SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
