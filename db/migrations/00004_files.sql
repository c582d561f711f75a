-- +goose Up

-- A file is what somebody sent for one field of the form. Its bytes lie elsewhere, under the name blob. Its row is there
-- before they are and until they are gone, so that nothing lies there that no row tells of.
CREATE TABLE files (
  id            uuid   PRIMARY KEY,
  user_id       text   NOT NULL CHECK (char_length(user_id) BETWEEN 1 AND 128),
  field         text   NOT NULL CHECK (field <> ''),
  state         text   NOT NULL DEFAULT 'coming' CHECK (state IN ('coming', 'kept', 'going')),
  blob          text   NOT NULL UNIQUE,
  media_type    text   NOT NULL CHECK (media_type IN ('image/jpeg', 'application/pdf')),
  size          bigint NOT NULL CHECK (size > 0),
  sha256        bytea  NOT NULL CHECK (octet_length(sha256) = 32),
  phash         bigint,
  signals       jsonb  NOT NULL DEFAULT '{}',
  uploaded_by   text   NOT NULL CHECK (uploaded_by ~ '^(user|key):.'),
  ticket_id     uuid   REFERENCES tickets (id),
  created_at_ms bigint NOT NULL DEFAULT now_ms(),
  CONSTRAINT files_named CHECK (ticket_id IS NULL OR state = 'kept')
);
CREATE INDEX files_user ON files (user_id, created_at_ms);
CREATE INDEX files_ticket ON files (ticket_id);
CREATE INDEX files_loose ON files (created_at_ms) WHERE ticket_id IS NULL;
-- The same picture from another user.
CREATE INDEX files_sha256 ON files (sha256);
CREATE INDEX files_phash ON files (phash);

-- Who saw which file when, apart from its owner.
CREATE TABLE file_views (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  file_id uuid   NOT NULL REFERENCES files (id) ON DELETE CASCADE,
  actor   text   NOT NULL,
  at_ms   bigint NOT NULL DEFAULT now_ms()
);
CREATE INDEX file_views_file ON file_views (file_id, at_ms);

-- What a user has filled in and not sent yet; answers are text by the name of the field, files by their id.
CREATE TABLE drafts (
  user_id       text   PRIMARY KEY CHECK (char_length(user_id) BETWEEN 1 AND 128),
  submission_id text   NOT NULL,
  answers       jsonb  NOT NULL CHECK (jsonb_typeof(answers) = 'object'),
  updated_at_ms bigint NOT NULL DEFAULT now_ms()
);
CREATE INDEX drafts_updated ON drafts (updated_at_ms);
