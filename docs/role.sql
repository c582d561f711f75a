-- A role for docket serve that can neither change the schema nor delete a ticket or its history. Run it as the owner
-- of the tables after docket migrate up, and again after each release; give the role a password or another way in.
GRANT USAGE ON SCHEMA public TO docket_app;
GRANT SELECT, INSERT, UPDATE ON tickets, user_tickets, accounts, sessions, claims, api_keys TO docket_app;
GRANT SELECT, INSERT ON ticket_events TO docket_app;
GRANT DELETE ON sessions, claims TO docket_app;
GRANT SELECT ON goose_db_version TO docket_app;
