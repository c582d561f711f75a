-- +goose Up

-- Keys that read events, manage webhooks, or make links to the form.
ALTER TABLE api_keys DROP CONSTRAINT api_keys_scopes_check;
ALTER TABLE api_keys ADD CONSTRAINT api_keys_scopes_check CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY[
  'latest:read', 'tickets:read', 'tickets:write', 'decisions:write', 'events:read', 'webhooks:write', 'links:write']) NOT VALID;
