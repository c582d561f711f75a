-- +goose Up

-- The IANA name of the time zone in which the owner of an account reads times; empty: that of the browser.
ALTER TABLE accounts ADD COLUMN time_zone text NOT NULL DEFAULT '';
