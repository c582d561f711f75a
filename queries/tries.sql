-- name: TryCount :one
-- TryCount counts a try of each subject. It returns 0, or for how many milliseconds one of them has to wait: then it counts none.
SELECT tries_count(@subjects::bytea[], @free::integer[], @forget_ms::bigint[], @mac::bytea)::bigint AS wait_ms;

-- name: TryGiveBack :exec
-- TryGiveBack takes one try back from each subject, and all tries from those that are cleared.
SELECT tries_give_back(@subjects::bytea[], @cleared::bytea[], @mac::bytea);

-- name: TryDeleteOld :exec
-- TryDeleteOld deletes what was counted last a day ago.
SELECT tries_sweep();
