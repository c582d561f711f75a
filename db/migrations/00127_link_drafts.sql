-- +goose Up

-- +goose StatementBegin
-- draft_names_file reports whether the draft of a submission link that was changed since then names a file: it is not among those of the file's user, so
-- where the tables are distributed another server has it.
CREATE FUNCTION draft_names_file(link text, since_ms bigint, of_field text, file uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (
    SELECT FROM drafts d
    WHERE d.user_id = link AND d.updated_at_ms >= since_ms
      AND (d.answers -> of_field ? file::text OR of_field LIKE '%.%' AND EXISTS (SELECT FROM jsonb_each(d.answers) AS a WHERE a.value ? file::text)));
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION draft_names_file(text, bigint, text, uuid) SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
