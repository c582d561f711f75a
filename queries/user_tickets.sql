-- name: LatestList :many
-- LatestList reads the latest approvals of some users, in no order. Of a user whose latest approval was removed it returns the
-- version of that, without a ticket, beside a newer one if there is. Others who have none are not there. The sub-select hides from the
-- planner how many they are: a plan for few looks cheaper than the kept one, and planning takes longer than reading.
SELECT user_id, '00000000-0000-0000-0000-000000000000'::uuid AS ticket_id, '{}'::jsonb AS extra, ''::text AS decided_by, 0::bigint AS created_at_ms, version AS updated_at_ms
FROM latest_removed r WHERE r.user_id = ANY((SELECT @user_ids::text[])::text[])
UNION ALL
SELECT user_id, ticket_id, extra, decided_by, created_at_ms, updated_at_ms
FROM user_tickets u WHERE u.user_id = ANY((SELECT @user_ids::text[])::text[]);
