-- +goose Up

-- Sessions hold nothing but their account. The previous release still reads the column; the next one drops it.
COMMENT ON COLUMN sessions.data IS 'Unused: the next release drops it.';
