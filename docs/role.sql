-- The role of docket serve. It cannot change the schema, delete a ticket, its history or a file that a ticket names, make keys,
-- add staff, change the role of an account, or change who saw what; and nothing that lets people in, or that an admin does, without
-- the SESSION_KEY that docket migrate up or docket migrate session-key was run with. Run this as the owner of the tables after each
-- docket migrate up, and give the role a password once. docket account, docket key and docket migrate use the owner's role.
--
-- Instances of a release from before the table mac_keys sign nobody in after this. If some still run, run this twice: first with
-- PGOPTIONS='-c docket.upgrading=on', and once more when the last of them has stopped.
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
GRANT SELECT, INSERT, UPDATE ON tickets, user_tickets, claims, pending_decisions, files, drafts, daily_counts TO docket_app;
-- Numbers: what is counted, again and again, from the events of tickets.
GRANT SELECT, INSERT, UPDATE, DELETE ON rollup_slots, rollup_days, rollup_running, rollup_sums, rollup_waiting TO docket_app;
GRANT SELECT, UPDATE ON rollup_state TO docket_app;
GRANT SELECT, INSERT, UPDATE ON search_index TO docket_app;
GRANT SELECT, UPDATE, DELETE ON rollup_late TO docket_app;
GRANT SELECT, INSERT ON ticket_events, opinions, verdicts, forms, accounts, audit, file_views, reopenings TO docket_app;
-- The steps in which tickets are approved: they are kept as they were submitted.
GRANT SELECT, INSERT, UPDATE (reminded_at_ms) ON approval_steps TO docket_app;
GRANT EXECUTE ON FUNCTION step_open_to, open_step, step_give TO docket_app;
-- Where the tables are distributed over several servers, tickets are submitted and decided by functions, one user at a time.
GRANT EXECUTE ON FUNCTION ticket_submit, ticket_decide TO docket_app;
-- Second looks: those that nobody has given are removed after a while; a trigger keeps the others.
GRANT SELECT, INSERT, UPDATE, DELETE ON second_looks TO docket_app;
GRANT SELECT, UPDATE (drawn_ms) ON second_look_state TO docket_app;
-- The feed of events: their numbers, and how far it was at a time.
GRANT USAGE, SELECT ON SEQUENCE feed_numbers TO docket_app;
GRANT SELECT, INSERT, DELETE ON feed_marks TO docket_app;
GRANT EXECUTE ON FUNCTION feed_state TO docket_app;
-- What tickets are found by is added with them; it goes when they are erased.
GRANT SELECT, INSERT ON ticket_words TO docket_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON saved_views TO docket_app;
GRANT SELECT ON api_keys, ticket_files, audit_all TO docket_app;
GRANT UPDATE (used_at_ms) ON api_keys TO docket_app;
-- A policy lets it add customers only. Sessions begin, and get another token, by functions.
GRANT SELECT, UPDATE (seen_at_ms), DELETE ON sessions TO docket_app;
GRANT SELECT, INSERT, UPDATE ON view_bursts TO docket_app;
-- Of old entries the address of the client is removed.
GRANT UPDATE (client) ON audit TO docket_app;
GRANT DELETE ON claims, pending_decisions, files, drafts, daily_counts TO docket_app;
-- What agents do with a ticket beside deciding it, and who looks at it. Teams are made by commands.
GRANT SELECT, INSERT, UPDATE, DELETE ON placements, viewers, claims_ahead TO docket_app;
GRANT SELECT, INSERT ON ticket_notes TO docket_app;
GRANT SELECT ON team_members TO docket_app;
-- Webhooks. Their secrets are encrypted for their address: what is changed without SESSION_KEY is sent nothing.
GRANT SELECT, INSERT, UPDATE, DELETE ON webhooks, webhook_deliveries TO docket_app;
-- E-mail: what waits, and the links in it.
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO docket_app;
GRANT SELECT, INSERT, UPDATE ON mail_senders, mail_requests TO docket_app;
GRANT SELECT ON account_links TO docket_app;
GRANT UPDATE (language, chosen_language, time_zone) ON accounts TO docket_app;
GRANT EXECUTE ON FUNCTION account_sign_up, mail_sweep TO docket_app;
-- Submission links: they are made, and let browsers in, by functions that check a code.
GRANT SELECT, UPDATE (tries, revoked_at_ms), DELETE ON submission_links TO docket_app;
GRANT EXECUTE ON FUNCTION submission_link_add, submission_link_admit TO docket_app;
-- The only way to remove what a ticket has: of a user by an admin who is signed in, of old tickets by their time in the form.
GRANT SELECT ON erasures, latest_removed, holds TO docket_app;
-- The latest approvals for each subject, which triggers keep; that approvals have ended is noted by a function.
GRANT SELECT ON user_subject_tickets, subject_removed TO docket_app;
GRANT EXECUTE ON FUNCTION expire_approvals, remind_approvals TO docket_app;
-- The archive: closed tickets are moved there, and nothing of it is changed, by a function.
GRANT SELECT ON archived_tickets, archived_rows, archived_counts, archived_slots TO docket_app;
GRANT EXECUTE ON FUNCTION archive_tickets TO docket_app;
GRANT EXECUTE ON FUNCTION erase_user_as_admin, erase_tickets_due, hold_add, hold_remove TO docket_app;
-- What admins do with people and keys, after they have shown password and code.
GRANT EXECUTE ON FUNCTION account_invite, account_change, account_set_teams, key_add, key_add_with_origins, key_revoke TO docket_app;
-- What lets people in, and what they do with their own account. Each checks a code made with a key of SESSION_KEY, which says that
-- an instance of docket has compared the password and the code; it is of the rows that it is about, so it does nothing twice.
GRANT SELECT ON factors, recovery_codes, provider_identities TO docket_app;
GRANT EXECUTE ON FUNCTION mac_state, session_begin, session_begin_at_provider, provider_sign_in, provider_set_attributes, session_renew, session_confirm, session_change_password, session_set_factor, session_remove_factor,
  session_renew_recovery_codes, link_add, link_confirm, link_reset_password, password_rehash, tries_count, tries_give_back, tries_sweep TO docket_app;
-- Beside instances of a release from before that. While this is granted, whoever has the role can act as anybody.
DO $$ BEGIN
  IF current_setting('docket.upgrading', true) = 'on' THEN
    GRANT INSERT (token_hash, account_id, account_version, browser), UPDATE (token_hash) ON sessions TO docket_app;
    GRANT INSERT, DELETE ON account_links TO docket_app;
    GRANT INSERT, UPDATE, DELETE ON holds TO docket_app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON tries TO docket_app;
    GRANT EXECUTE ON FUNCTION account_confirm, account_reset_password, account_change_own_password, factor_confirm_session, factor_set_own,
      factor_remove_own, recovery_codes_renew_own, account_rehash, erase_user, erase_tickets TO docket_app;
  END IF;
END $$;
-- The list of applied migrations; a database that an earlier release made has it under the second name.
DO $$ BEGIN
  EXECUTE format('GRANT SELECT ON %s TO docket_app', coalesce(to_regclass('docket_migrations'), to_regclass('goose_db_version')));
END $$;
COMMIT;
