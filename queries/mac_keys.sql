-- name: MacKeyAdd :execrows
-- MacKeyAdd lets the database know a key. Zero: it knows it.
INSERT INTO mac_keys (inner_pad, outer_pad) VALUES (@inner_pad, @outer_pad) ON CONFLICT DO NOTHING;

-- name: MacKeyDeleteOthers :exec
-- MacKeyDeleteOthers lets the database forget every other key.
DELETE FROM mac_keys WHERE inner_pad <> @inner_pad;

-- name: MacState :one
-- MacState says what the database checks of the caller, who shows a code by its key: see the function mac_state.
SELECT mac_state(@mac::bytea)::text AS state;
