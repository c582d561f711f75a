-- name: TicketFindWhole :many
-- TicketFindWhole finds tickets by what is given whole, newest first, after a place in that order: a number or an address of
-- theirs, their user, the e-mail address of their user's account, or their id.
SELECT t.* FROM tickets t
WHERE t.id IN (
  (SELECT w.ticket_id FROM ticket_words w WHERE w.words @@ (@whole::text)::tsquery ORDER BY w.created_at_ms DESC LIMIT @most)
  UNION ALL
  (SELECT u.id FROM tickets u WHERE u.user_id = @user_id ORDER BY u.created_at_ms DESC, u.id DESC LIMIT @most)
  UNION ALL
  (SELECT o.id FROM tickets o WHERE o.user_id = (
    SELECT coalesce((SELECT i.user_id FROM provider_identities i WHERE i.account_id = a.id), a.id::text) FROM accounts a WHERE a.email = @email)
  ORDER BY o.created_at_ms DESC, o.id DESC LIMIT @most)
  UNION ALL
  (SELECT @id::uuid)
) AND (t.created_at_ms, t.id) < (@after_ms::bigint, @after_id::uuid)
ORDER BY t.created_at_ms DESC, t.id DESC
LIMIT @max;

-- name: TicketFindWords :many
-- TicketFindWords finds tickets by words of certain days, newest first, after a place in that order. The sub-selects hide the words from the
-- planner: of many tickets it compares each with a thousand others that are common, which takes longer than reading; and the times and
-- the limit, for which of many tickets each search would be planned anew.
SELECT t.* FROM (
  SELECT w.user_id, w.ticket_id FROM ticket_words w
  WHERE w.words @@ (SELECT (@words::text)::tsquery) AND w.created_at_ms >= (SELECT @from_ms::bigint)
    AND (w.created_at_ms, w.ticket_id) < ((SELECT @after_ms::bigint), (SELECT @after_id::uuid))
  ORDER BY w.created_at_ms DESC, w.ticket_id DESC
  LIMIT (SELECT @max::integer)
) found JOIN tickets t ON t.user_id = found.user_id AND t.id = found.ticket_id
ORDER BY t.created_at_ms DESC, t.id DESC;

-- name: TicketWordsLock :exec
-- TicketWordsLock keeps erasures from committing until the transaction ends.
SELECT pg_advisory_xact_lock(hashtext('docket search'));

-- name: TicketWordsPage :many
-- TicketWordsPage lists tickets that were not erased, newest first, after a place in that order.
SELECT id, extra, created_at_ms FROM tickets
WHERE (created_at_ms, id) < (@after_ms::bigint, @after_id::uuid) AND erased_at_ms IS NULL
ORDER BY created_at_ms DESC, id DESC
LIMIT @max;

-- name: TicketWordsPut :exec
-- TicketWordsPut writes by what tickets are found; the lexemes of each stand in lines.
INSERT INTO ticket_words AS w (user_id, ticket_id, words, created_at_ms)
SELECT t.user_id, l.id, array_to_tsvector(string_to_array(l.lexemes, E'\n')), l.created_at_ms
FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@lexemes::text[]) AS lexemes, unnest(@created_at_ms::bigint[]) AS created_at_ms) l
JOIN tickets t ON t.id = l.id
ON CONFLICT ON CONSTRAINT ticket_words_pkey DO UPDATE SET words = excluded.words WHERE w.words <> excluded.words;

-- name: TicketSamePerson :many
-- TicketSamePerson lists the newest tickets of other users with one identity.
SELECT t.* FROM tickets t
WHERE t.user_id <> @user_id AND t.id IN (
  SELECT w.ticket_id FROM ticket_words w WHERE w.words @@ (@identity::text)::tsquery ORDER BY w.created_at_ms DESC LIMIT @most)
ORDER BY t.created_at_ms DESC, t.id DESC
LIMIT @max;

-- name: TicketIdentityLock :exec
-- TicketIdentityLock lets submissions with one identity count others one after the other, until the transaction ends. The locks are
-- taken in their order.
SELECT pg_advisory_xact_lock(k.key) FROM (
  SELECT DISTINCT hashtextextended(i, 0) AS key FROM unnest(@identities::text[]) AS i ORDER BY 1
) k;

-- name: TicketSamePersonCount :one
-- TicketSamePersonCount counts the other users with a ticket that has one of some identities.
SELECT count(DISTINCT found.user_id) AS users FROM (
  SELECT t.user_id FROM tickets t WHERE t.id IN (SELECT w.ticket_id FROM ticket_words w WHERE w.words @@ (@identities::text)::tsquery LIMIT @most)
  UNION ALL
  (SELECT a.user_id FROM archived_tickets a WHERE a.words @@ (@identities)::tsquery LIMIT @most)
) found WHERE found.user_id <> @user_id::text;

-- name: TicketSignals :many
-- TicketSignals lists the warnings of the pictures of some tickets, of those that have any.
SELECT w.ticket_id, ARRAY(SELECT substr(l, 2) FROM unnest(tsvector_to_array(w.words)) AS l WHERE l LIKE '!%')::text[] AS signals
FROM ticket_words w
WHERE w.ticket_id = ANY (@ids::uuid[]);
