-- name: LatestList :many
-- LatestList reads the latest approvals of some users, in no order. Of a user whose latest approval was removed it returns the
-- version of that, without a ticket, beside a newer one if there is. Others who have none are not there. The sub-select hides from the
-- planner how many they are: a plan for few looks cheaper than the kept one, and planning takes longer than reading. On Citus the approvals are read first:
-- what is removed between the two is in one of them.
SELECT user_id, ticket_id, extra, grant_extra, decided_by, created_at_ms, updated_at_ms, subject, valid_until_ms
FROM user_tickets u WHERE u.user_id = ANY((SELECT @user_ids::text[])::text[])
UNION ALL
SELECT user_id, '00000000-0000-0000-0000-000000000000'::uuid AS ticket_id, '{}'::jsonb AS extra, NULL::jsonb AS grant_extra, ''::text AS decided_by, 0::bigint AS created_at_ms, version AS updated_at_ms, ''::text AS subject, NULL::bigint AS valid_until_ms
FROM latest_removed r WHERE r.user_id = ANY((SELECT @user_ids::text[])::text[]);

-- name: LatestListFor :many
-- LatestListFor is LatestList for a subject.
SELECT user_id, ticket_id, extra, grant_extra, decided_by, created_at_ms, updated_at_ms, subject, valid_until_ms
FROM user_subject_tickets u WHERE u.user_id = ANY((SELECT @user_ids::text[])::text[]) AND u.subject = @subject
UNION ALL
SELECT user_id, '00000000-0000-0000-0000-000000000000'::uuid AS ticket_id, '{}'::jsonb AS extra, NULL::jsonb AS grant_extra, ''::text AS decided_by, 0::bigint AS created_at_ms, version AS updated_at_ms, ''::text AS subject, NULL::bigint AS valid_until_ms
FROM subject_removed r WHERE r.user_id = ANY((SELECT @user_ids::text[])::text[]) AND r.subject_hash = sha256(convert_to(@subject::text, 'UTF8'));

-- name: LatestListOf :many
-- LatestListOf lists the latest approvals of a user for each subject, so many at most.
SELECT user_id, ticket_id, extra, grant_extra, decided_by, created_at_ms, updated_at_ms, subject, valid_until_ms
FROM user_subject_tickets u WHERE u.user_id = @user_id ORDER BY u.subject LIMIT @most;

-- name: PrimaryTime :one
-- PrimaryTime is the clock of the database.
SELECT now_ms()::bigint AS now_ms;
