-- name: TicketNarrowOpenOldest :many
-- TicketNarrowOpenOldest is TicketOpenOldest of the tickets that have all that is named.
SELECT t.* FROM tickets t
WHERE t.status = 'processing' AND t.created_at_ms < @to_ms AND (t.created_at_ms, t.id) > (@after_ms::bigint, @after_id::uuid)
  AND (@user_id::text = '' OR t.user_id = @user_id) AND t.attempt >= @attempt::integer
  AND t.extra @> @answers::jsonb
  AND (@signal::text = '' OR EXISTS (SELECT 1 FROM ticket_words w WHERE w.user_id = t.user_id AND w.ticket_id = t.id AND w.words @@ (@signal)::tsquery))
  AND (@queue::text = '' OR t.queue = @queue)
  AND (@snoozed::boolean OR NOT EXISTS (SELECT 1 FROM placements p WHERE p.user_id = t.user_id AND p.ticket_id = t.id AND p.snoozed_until_ms > now_ms()))
  AND (@held_by::uuid = '00000000-0000-0000-0000-000000000000' OR EXISTS (
    SELECT 1 FROM claims c WHERE c.user_id = t.user_id AND c.ticket_id = t.id AND c.account_id = @held_by AND c.until_ms > now_ms()))
ORDER BY t.created_at_ms, t.id
LIMIT @max;

-- name: TicketNarrowClosedOldest :many
-- TicketNarrowClosedOldest is TicketClosedOldest of the tickets that have all that is named, within a part of the range.
SELECT t.* FROM tickets t
WHERE t.status = @status AND t.status <> 'processing' AND t.updated_at_ms >= @from_ms AND t.updated_at_ms < @to_ms
  AND (t.updated_at_ms, t.id) > (@after_ms::bigint, @after_id::uuid)
  AND (@user_id::text = '' OR t.user_id = @user_id) AND t.attempt >= @attempt::integer
  AND t.extra @> @answers::jsonb
  AND (@signal::text = '' OR EXISTS (SELECT 1 FROM ticket_words w WHERE w.user_id = t.user_id AND w.ticket_id = t.id AND w.words @@ (@signal)::tsquery))
  AND (@reason::text = '' OR t.reject_reason = @reason OR @reason = ANY (t.reject_reasons))
ORDER BY t.updated_at_ms, t.id
LIMIT @max;

-- name: TicketNarrowDecidedOldest :many
-- TicketNarrowDecidedOldest is TicketClosedOldest of the tickets that one actor decided and that have all that is named.
SELECT t.* FROM tickets t
WHERE t.decided_by = @decided_by AND t.status = @status AND t.updated_at_ms < @to_ms AND (t.updated_at_ms, t.id) > (@after_ms::bigint, @after_id::uuid)
  AND (@user_id::text = '' OR t.user_id = @user_id) AND t.attempt >= @attempt::integer
  AND t.extra @> @answers::jsonb
  AND (@signal::text = '' OR EXISTS (SELECT 1 FROM ticket_words w WHERE w.user_id = t.user_id AND w.ticket_id = t.id AND w.words @@ (@signal)::tsquery))
  AND (@reason::text = '' OR t.reject_reason = @reason OR @reason = ANY (t.reject_reasons))
ORDER BY t.updated_at_ms, t.id
LIMIT @max;

-- name: TicketNarrowOpenNewest :many
-- TicketNarrowOpenNewest is TicketOpenNewest of the tickets that have all that is named.
SELECT t.* FROM tickets t
WHERE t.status = 'processing' AND t.created_at_ms >= @from_ms AND (t.created_at_ms, t.id) < (@after_ms::bigint, @after_id::uuid)
  AND (@user_id::text = '' OR t.user_id = @user_id) AND t.attempt >= @attempt::integer
  AND t.extra @> @answers::jsonb
  AND (@signal::text = '' OR EXISTS (SELECT 1 FROM ticket_words w WHERE w.user_id = t.user_id AND w.ticket_id = t.id AND w.words @@ (@signal)::tsquery))
  AND (@queue::text = '' OR t.queue = @queue)
  AND (@snoozed::boolean OR NOT EXISTS (SELECT 1 FROM placements p WHERE p.user_id = t.user_id AND p.ticket_id = t.id AND p.snoozed_until_ms > now_ms()))
  AND (@held_by::uuid = '00000000-0000-0000-0000-000000000000' OR EXISTS (
    SELECT 1 FROM claims c WHERE c.user_id = t.user_id AND c.ticket_id = t.id AND c.account_id = @held_by AND c.until_ms > now_ms()))
ORDER BY t.created_at_ms DESC, t.id DESC
LIMIT @max;

-- name: TicketNarrowClosedNewest :many
-- TicketNarrowClosedNewest is TicketClosedNewest of the tickets that have all that is named, within a part of the range.
SELECT t.* FROM tickets t
WHERE t.status = @status AND t.status <> 'processing' AND t.updated_at_ms >= @from_ms AND t.updated_at_ms < @to_ms
  AND (t.updated_at_ms, t.id) < (@after_ms::bigint, @after_id::uuid)
  AND (@user_id::text = '' OR t.user_id = @user_id) AND t.attempt >= @attempt::integer
  AND t.extra @> @answers::jsonb
  AND (@signal::text = '' OR EXISTS (SELECT 1 FROM ticket_words w WHERE w.user_id = t.user_id AND w.ticket_id = t.id AND w.words @@ (@signal)::tsquery))
  AND (@reason::text = '' OR t.reject_reason = @reason OR @reason = ANY (t.reject_reasons))
ORDER BY t.updated_at_ms DESC, t.id DESC
LIMIT @max;

-- name: TicketNarrowDecidedNewest :many
-- TicketNarrowDecidedNewest is TicketClosedNewest of the tickets that one actor decided and that have all that is named.
SELECT t.* FROM tickets t
WHERE t.decided_by = @decided_by AND t.status = @status AND t.updated_at_ms >= @from_ms AND (t.updated_at_ms, t.id) < (@after_ms::bigint, @after_id::uuid)
  AND (@user_id::text = '' OR t.user_id = @user_id) AND t.attempt >= @attempt::integer
  AND t.extra @> @answers::jsonb
  AND (@signal::text = '' OR EXISTS (SELECT 1 FROM ticket_words w WHERE w.user_id = t.user_id AND w.ticket_id = t.id AND w.words @@ (@signal)::tsquery))
  AND (@reason::text = '' OR t.reject_reason = @reason OR @reason = ANY (t.reject_reasons))
ORDER BY t.updated_at_ms DESC, t.id DESC
LIMIT @max;

-- name: TicketNarrowReasonOldest :many
-- TicketNarrowReasonOldest is TicketNarrowClosedOldest of the tickets with a reason, which stands in reason_days after each day of the part.
-- The sub-select: see TicketFindWords.
SELECT t.* FROM tickets t
WHERE t.id = ANY (ARRAY(
    SELECT r.id FROM tickets r WHERE r.reject_reason IS NOT NULL AND reasons_by_day(r.reject_reasons, r.reject_reason, r.updated_at_ms) && (SELECT @reason_days::text[])
  ))
  AND t.status = @status AND t.updated_at_ms >= @from_ms AND t.updated_at_ms < @to_ms AND (t.updated_at_ms, t.id) > (@after_ms::bigint, @after_id::uuid)
  AND t.attempt >= @attempt::integer
  AND t.extra @> @answers::jsonb
  AND (@signal::text = '' OR EXISTS (SELECT 1 FROM ticket_words w WHERE w.user_id = t.user_id AND w.ticket_id = t.id AND w.words @@ (@signal)::tsquery))
ORDER BY t.updated_at_ms, t.id
LIMIT @max;

-- name: TicketNarrowReasonNewest :many
-- TicketNarrowReasonNewest is TicketNarrowClosedNewest of the tickets with a reason, which stands in reason_days after each day of the part.
SELECT t.* FROM tickets t
WHERE t.id = ANY (ARRAY(
    SELECT r.id FROM tickets r WHERE r.reject_reason IS NOT NULL AND reasons_by_day(r.reject_reasons, r.reject_reason, r.updated_at_ms) && (SELECT @reason_days::text[])
  ))
  AND t.status = @status AND t.updated_at_ms >= @from_ms AND t.updated_at_ms < @to_ms AND (t.updated_at_ms, t.id) < (@after_ms::bigint, @after_id::uuid)
  AND t.attempt >= @attempt::integer
  AND t.extra @> @answers::jsonb
  AND (@signal::text = '' OR EXISTS (SELECT 1 FROM ticket_words w WHERE w.user_id = t.user_id AND w.ticket_id = t.id AND w.words @@ (@signal)::tsquery))
ORDER BY t.updated_at_ms DESC, t.id DESC
LIMIT @max;

-- name: TicketIndexedOpenOldest :many
-- TicketIndexedOpenOldest is TicketNarrowOpenOldest by the index of what tickets are found by: of those with the lexemes, which are few.
SELECT t.* FROM tickets t
WHERE t.id = ANY (ARRAY(SELECT w.ticket_id FROM ticket_words w WHERE w.words @@ (@lexemes::text)::tsquery))
  AND t.status = 'processing' AND t.created_at_ms < @to_ms AND (t.created_at_ms, t.id) > (@after_ms::bigint, @after_id::uuid)
  AND t.attempt >= @attempt::integer
  AND t.extra @> @answers::jsonb
  AND (@queue::text = '' OR t.queue = @queue)
  AND (@snoozed::boolean OR NOT EXISTS (SELECT 1 FROM placements p WHERE p.user_id = t.user_id AND p.ticket_id = t.id AND p.snoozed_until_ms > now_ms()))
  AND (@held_by::uuid = '00000000-0000-0000-0000-000000000000' OR EXISTS (
    SELECT 1 FROM claims c WHERE c.user_id = t.user_id AND c.ticket_id = t.id AND c.account_id = @held_by AND c.until_ms > now_ms()))
ORDER BY t.created_at_ms, t.id
LIMIT @max;

-- name: TicketIndexedOpenNewest :many
-- TicketIndexedOpenNewest is TicketNarrowOpenNewest by the same index.
SELECT t.* FROM tickets t
WHERE t.id = ANY (ARRAY(SELECT w.ticket_id FROM ticket_words w WHERE w.words @@ (@lexemes::text)::tsquery))
  AND t.status = 'processing' AND t.created_at_ms >= @from_ms AND (t.created_at_ms, t.id) < (@after_ms::bigint, @after_id::uuid)
  AND t.attempt >= @attempt::integer
  AND t.extra @> @answers::jsonb
  AND (@queue::text = '' OR t.queue = @queue)
  AND (@snoozed::boolean OR NOT EXISTS (SELECT 1 FROM placements p WHERE p.user_id = t.user_id AND p.ticket_id = t.id AND p.snoozed_until_ms > now_ms()))
  AND (@held_by::uuid = '00000000-0000-0000-0000-000000000000' OR EXISTS (
    SELECT 1 FROM claims c WHERE c.user_id = t.user_id AND c.ticket_id = t.id AND c.account_id = @held_by AND c.until_ms > now_ms()))
ORDER BY t.created_at_ms DESC, t.id DESC
LIMIT @max;

-- name: TicketIndexedClosedOldest :many
-- TicketIndexedClosedOldest is TicketNarrowClosedOldest by the same index.
SELECT t.* FROM tickets t
WHERE t.id = ANY (ARRAY(SELECT w.ticket_id FROM ticket_words w WHERE w.words @@ (@lexemes::text)::tsquery))
  AND t.status = @status AND t.status <> 'processing' AND t.updated_at_ms < @to_ms AND (t.updated_at_ms, t.id) > (@after_ms::bigint, @after_id::uuid)
  AND t.attempt >= @attempt::integer
  AND t.extra @> @answers::jsonb
  AND (@decided_by::text = '' OR t.decided_by = @decided_by)
  AND (@reason::text = '' OR t.reject_reason = @reason OR @reason = ANY (t.reject_reasons))
ORDER BY t.updated_at_ms, t.id
LIMIT @max;

-- name: TicketIndexedClosedNewest :many
-- TicketIndexedClosedNewest is TicketNarrowClosedNewest by the same index.
SELECT t.* FROM tickets t
WHERE t.id = ANY (ARRAY(SELECT w.ticket_id FROM ticket_words w WHERE w.words @@ (@lexemes::text)::tsquery))
  AND t.status = @status AND t.status <> 'processing' AND t.updated_at_ms >= @from_ms AND (t.updated_at_ms, t.id) < (@after_ms::bigint, @after_id::uuid)
  AND t.attempt >= @attempt::integer
  AND t.extra @> @answers::jsonb
  AND (@decided_by::text = '' OR t.decided_by = @decided_by)
  AND (@reason::text = '' OR t.reject_reason = @reason OR @reason = ANY (t.reject_reasons))
ORDER BY t.updated_at_ms DESC, t.id DESC
LIMIT @max;
