-- +goose Up

-- Of an account that nobody has confirmed, anybody may have chosen the password: it is no staff. NOT VALID: nobody need wait for the
-- rows from before to be read.
ALTER TABLE accounts ADD CONSTRAINT accounts_unconfirmed_role CHECK (confirmed OR role = 'customer') NOT VALID;
