-- name: TryCount :one
-- TryCount counts a try of each subject. It returns 0, or for how many milliseconds one of them has to wait: then it counts none.
SELECT count_try(@subjects::bytea[], @free::integer[], @forget_ms::bigint[])::bigint AS wait_ms;

-- name: TryGiveBack :exec
-- TryGiveBack takes one try back from each subject, and all tries from those that are cleared.
SELECT give_back_try(@subjects::bytea[], @cleared::bytea[]);

-- name: TryDeleteOld :exec
-- TryDeleteOld deletes what was counted longer ago than an age.
DELETE FROM tries WHERE at_ms < now_ms() - @age_ms::bigint;
