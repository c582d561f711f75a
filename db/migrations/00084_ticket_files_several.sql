-- +goose NO TRANSACTION
-- +goose Up

-- A field may take several files. The index is built while people go on working, and takes the place of the old key in a moment. One
-- that was broken off begins again.
DROP INDEX CONCURRENTLY IF EXISTS ticket_files_several;
CREATE UNIQUE INDEX CONCURRENTLY ticket_files_several ON ticket_files (ticket_id, field, file_id);
ALTER TABLE ticket_files DROP CONSTRAINT ticket_files_pkey, ADD CONSTRAINT ticket_files_pkey PRIMARY KEY USING INDEX ticket_files_several;
