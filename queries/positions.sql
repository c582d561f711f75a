-- name: PositionWritten :one
-- PositionWritten is how far the primary's log of writes has reached its disk, in bytes.
SELECT (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint AS position;

-- name: PositionReplayed :one
-- PositionReplayed is how much of the primary's log of writes a replica has replayed, in bytes; 0 when it is no replica.
SELECT coalesce(pg_last_wal_replay_lsn() - '0/0'::pg_lsn, 0)::bigint AS position;

-- name: PositionServerStart :one
-- PositionServerStart is when a server started, in Unix microseconds: another time is another server, or the same after a restart.
SELECT (extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint AS started_us;
