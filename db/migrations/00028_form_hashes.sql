-- +goose Up

-- A version of the form is the whole SHA-256 of its text. Those of earlier releases are the first 12 digits of it; the previous
-- release, which runs beside this one, adds such rows.
ALTER TABLE forms
  DROP CONSTRAINT forms_version,
  ADD CONSTRAINT forms_version CHECK (version IN (encode(sha256(text), 'hex'), left(encode(sha256(text), 'hex'), 12)));
