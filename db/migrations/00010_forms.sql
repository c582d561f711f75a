-- +goose Up

-- Every text of the form under which tickets were submitted, so that they can be shown as they were asked for.
CREATE TABLE forms (
  version       text   PRIMARY KEY,
  text          bytea  NOT NULL,
  created_at_ms bigint NOT NULL DEFAULT now_ms(),
  CONSTRAINT forms_version CHECK (version = left(encode(sha256(text), 'hex'), 12))
);
CREATE TRIGGER forms_keep BEFORE UPDATE OR DELETE ON forms FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER forms_keep_all BEFORE TRUNCATE ON forms FOR EACH STATEMENT EXECUTE FUNCTION refuse();
