-- +goose Up

-- What the last try to send the files of an upload has put into a draft, by the upload's name.
ALTER TABLE drafts ADD COLUMN uploads jsonb NOT NULL DEFAULT '{}';

-- +goose StatementBegin
-- draft_add_upload adds the files of an upload to those of a field of a user's draft, and what else a page shows there, as draft_add does. They
-- replace those of the tries before, and a try that a later one has overtaken adds nothing.
CREATE FUNCTION draft_add_upload(of_user text, submission text, field text, shown text[], added text[], upload text, tried integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  before jsonb;
BEGIN
  PERFORM draft_add(of_user, submission, jsonb_build_object(field, '[]'::jsonb), field); -- from here on the row is there, and locked
  SELECT d.uploads -> upload INTO before FROM drafts d WHERE d.user_id = of_user AND d.submission_id = submission;
  IF (before ->> 'tried')::integer > tried THEN
    RETURN;
  END IF;
  IF before IS NOT NULL THEN
    UPDATE drafts SET answers = jsonb_set(answers, ARRAY[field], (answers -> field) - ARRAY(SELECT jsonb_array_elements_text(before -> 'files')))
    WHERE user_id = of_user;
  END IF;
  PERFORM draft_add(of_user, submission, jsonb_build_object(field, to_jsonb(shown || added)), field);
  UPDATE drafts SET uploads = uploads || jsonb_build_object(upload, jsonb_build_object('tried', tried, 'files', to_jsonb(added)))
  WHERE user_id = of_user AND submission_id = submission;
END $$;
-- +goose StatementEnd
