-- +goose Up

-- What a ticket is found by, folded: words with the day of the ticket in front of them, so that a search reads the days that it
-- asks for; without it whole numbers and addresses, and keyed hashes of the answers that tell who a person is.
CREATE TABLE ticket_words (
  ticket_id     uuid     PRIMARY KEY,
  words         tsvector NOT NULL,
  created_at_ms bigint   NOT NULL
);
-- Each submission adds to the index itself: a list of what is to be added would be read by every search.
CREATE INDEX ticket_words_words ON ticket_words USING gin (words) WITH (fastupdate = off);

-- +goose StatementBegin
-- tickets_forget_words removes what a ticket was found by, once it is erased. docket search rebuild holds the same lock while it
-- adds to the table, so that it adds nothing of a ticket that is erased meanwhile.
CREATE FUNCTION tickets_forget_words() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtext('docket search'));
  DELETE FROM ticket_words WHERE ticket_id = NEW.id;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER tickets_forget_words AFTER UPDATE OF erased_at_ms ON tickets FOR EACH ROW
  WHEN (NEW.erased_at_ms IS NOT NULL) EXECUTE FUNCTION tickets_forget_words();
-- +goose StatementBegin
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION tickets_forget_words() SET search_path = %I, pg_temp', current_schema());
END $$;
-- +goose StatementEnd
