-- +goose NO TRANSACTION
-- +goose Up

-- NOT VALID takes its locks for a moment; the rows are then read while people go on working. One that was broken off begins
-- again.
ALTER TABLE ticket_files DROP CONSTRAINT IF EXISTS ticket_files_ticket, DROP CONSTRAINT IF EXISTS ticket_files_file;
ALTER TABLE ticket_files ADD CONSTRAINT ticket_files_ticket FOREIGN KEY (ticket_id) REFERENCES tickets (id) NOT VALID;
ALTER TABLE ticket_files ADD CONSTRAINT ticket_files_file FOREIGN KEY (file_id) REFERENCES files (id) NOT VALID;
ALTER TABLE ticket_files VALIDATE CONSTRAINT ticket_files_ticket;
ALTER TABLE ticket_files VALIDATE CONSTRAINT ticket_files_file;

-- Only files_named adds rows: so each is of a file of the ticket's user, for that field. Nothing changes or removes one.
CREATE OR REPLACE TRIGGER ticket_files_own BEFORE INSERT ON ticket_files FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse();
CREATE OR REPLACE TRIGGER ticket_files_keep BEFORE UPDATE OR DELETE ON ticket_files FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE OR REPLACE TRIGGER ticket_files_keep_all BEFORE TRUNCATE ON ticket_files FOR EACH STATEMENT EXECUTE FUNCTION refuse();
