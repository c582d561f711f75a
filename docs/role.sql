-- The role of docket serve. It cannot change the schema, delete a ticket, its history or a file that a ticket names, make keys,
-- add staff, change the role of an account, or change who saw what. Run this as the owner of the tables after each docket migrate
-- up, and give the role a password once. docket account, docket key and docket migrate use the owner's role.
BEGIN;
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'docket_app') THEN
    CREATE ROLE docket_app LOGIN;
  END IF;
END $$;
-- Limits that docket sets for itself where it reaches the server directly; behind a pooler they have to be those of the role.
ALTER ROLE docket_app SET statement_timeout = '2s';
ALTER ROLE docket_app SET lock_timeout = '350ms';
ALTER ROLE docket_app SET idle_in_transaction_session_timeout = '5s';
GRANT USAGE ON SCHEMA public TO docket_app;
-- docket makes no temporary tables. This needs the owner of the database; others are told that nothing was revoked.
DO $$ BEGIN
  EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END $$;
-- What an earlier release of this file granted ends here, if it is not granted again below.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM docket_app;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM docket_app;
GRANT SELECT, INSERT, UPDATE ON tickets, user_tickets, claims, files, drafts, daily_counts TO docket_app;
-- Numbers: what is counted, again and again, from the events of tickets.
GRANT SELECT, INSERT, UPDATE, DELETE ON rollup_slots, rollup_days TO docket_app;
GRANT SELECT, UPDATE ON rollup_state TO docket_app;
GRANT SELECT, UPDATE, DELETE ON rollup_late TO docket_app;
GRANT SELECT, INSERT ON ticket_events, verdicts, forms, accounts, audit, file_views, reopenings TO docket_app;
-- What tickets are found by is added with them; it goes when they are erased.
GRANT SELECT, INSERT ON ticket_words TO docket_app;
GRANT SELECT ON api_keys, ticket_files, audit_all TO docket_app;
GRANT UPDATE (used_at_ms) ON api_keys TO docket_app;
-- A policy lets it add customers only. That a session has shown a second factor is noted by a function.
GRANT SELECT, INSERT (token_hash, account_id, account_version, browser), UPDATE (token_hash, seen_at_ms), DELETE ON sessions TO docket_app;
-- Of old entries the address of the client is removed.
GRANT UPDATE (client) ON audit TO docket_app;
GRANT DELETE ON claims, files, drafts, daily_counts TO docket_app;
-- What agents do with a ticket beside deciding it, and who looks at it. Teams are made by commands.
GRANT SELECT, INSERT, UPDATE, DELETE ON placements, viewers TO docket_app;
GRANT SELECT, INSERT ON ticket_notes TO docket_app;
GRANT SELECT ON team_members TO docket_app;
-- E-mail: what waits, and the links in it. Whoever has this role can make a link, and with it set the password of an account.
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO docket_app;
GRANT SELECT, INSERT, UPDATE ON mail_senders, mail_requests TO docket_app;
GRANT SELECT, INSERT, DELETE ON account_links TO docket_app;
GRANT UPDATE (language) ON accounts TO docket_app;
GRANT EXECUTE ON FUNCTION account_sign_up, account_confirm, account_reset_password, mail_sweep TO docket_app;
-- The only way to remove what a ticket has: of a user by an admin who is signed in, of old tickets by their time in the form.
GRANT SELECT ON erasures, latest_removed TO docket_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON holds TO docket_app;
GRANT EXECUTE ON FUNCTION erase_user, erase_tickets TO docket_app;
-- What people do with their own account: each checks that there is such a session and that the code was not used before, not
-- that the code was right: the database cannot read the secret.
GRANT SELECT ON factors, recovery_codes TO docket_app;
GRANT EXECUTE ON FUNCTION account_change_own_password, factor_confirm_session, factor_set_own, factor_remove_own, recovery_codes_renew_own TO docket_app;
-- Tries to sign in. account_rehash changes a customer's hash only where the former one is known.
GRANT SELECT, INSERT, UPDATE, DELETE ON tries TO docket_app;
GRANT EXECUTE ON FUNCTION account_rehash TO docket_app;
-- The list of applied migrations; a database that an earlier release made has it under the second name.
DO $$ BEGIN
  EXECUTE format('GRANT SELECT ON %s TO docket_app', coalesce(to_regclass('docket_migrations'), to_regclass('goose_db_version')));
END $$;
COMMIT;
