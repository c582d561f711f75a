-- +goose Up

-- What a user has done within a day since the first of it. Rows are deleted after the day.
CREATE TABLE daily_counts (
  user_id  text    NOT NULL CHECK (char_length(user_id) BETWEEN 1 AND 128),
  kind     text    NOT NULL CHECK (kind IN ('files', 'submissions', 'draft_writes')),
  used     integer NOT NULL,
  since_ms bigint  NOT NULL DEFAULT now_ms(),
  PRIMARY KEY (user_id, kind)
) WITH (fillfactor = 80);
