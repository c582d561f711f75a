-- name: VerdictAdd :exec
-- VerdictAdd keeps what rules said of a ticket when it was submitted.
INSERT INTO verdicts (user_id, ticket_id, rule, hash, shadow, outcome, reason, at_ms)
SELECT @user_id, @ticket_id, rule, hash, shadow, outcome, nullif(reason, ''), @at_ms
FROM (
  SELECT unnest(@rules::text[]) AS rule, unnest(@hashes::text[]) AS hash, unnest(@shadows::boolean[]) AS shadow,
    unnest(@outcomes::text[]) AS outcome, unnest(@reasons::text[]) AS reason
) AS said;

-- name: VerdictCount :many
-- VerdictCount counts what rules said of the tickets of a range of time, by what became of them. Nothing is what a rule
-- said of the rest of the tickets that were sent in under a form in which it is known to have been.
WITH said AS (
  SELECT v.rule, v.hash, v.shadow, v.outcome, t.form_version,
    (CASE WHEN t.status = 'revoked' THEN 'rejected' WHEN t.decided_by LIKE 'rule:%' THEN 'rule' WHEN t.decided_by LIKE 'key:%' THEN 'key'
      WHEN t.status IN ('approved', 'rejected') THEN t.status ELSE 'open' END)::text AS final_outcome,
    count(*) AS tickets
  FROM verdicts v JOIN tickets t ON t.user_id = v.user_id AND t.id = v.ticket_id
  WHERE v.at_ms >= @from_ms AND v.at_ms < @to_ms
  GROUP BY 1, 2, 3, 4, 5, 6
), every AS (
  SELECT t.form_version,
    (CASE WHEN t.status = 'revoked' THEN 'rejected' WHEN t.decided_by LIKE 'rule:%' THEN 'rule' WHEN t.decided_by LIKE 'key:%' THEN 'key'
      WHEN t.status IN ('approved', 'rejected') THEN t.status ELSE 'open' END)::text AS final_outcome,
    count(*) AS tickets
  FROM tickets t
  WHERE t.created_at_ms >= @from_ms AND t.created_at_ms < @to_ms
  GROUP BY 1, 2
), known AS (
  SELECT DISTINCT rule, hash, shadow, form_version FROM said
)
SELECT rule, hash, shadow, outcome, final_outcome, sum(tickets)::bigint AS tickets FROM said GROUP BY 1, 2, 3, 4, 5
UNION ALL
SELECT k.rule, k.hash, k.shadow, 'nothing', e.final_outcome,
  (sum(e.tickets) - coalesce((
    SELECT sum(s.tickets) FROM said s WHERE (s.rule, s.hash, s.shadow, s.final_outcome) = (k.rule, k.hash, k.shadow, e.final_outcome)), 0))::bigint
FROM known k JOIN every e USING (form_version)
GROUP BY k.rule, k.hash, k.shadow, e.final_outcome
ORDER BY 1, 2, 3, 4, 5;

-- name: VerdictDisagreements :many
-- VerdictDisagreements lists the tickets of a range of time that people decided otherwise than a rule said, newest first. Who takes
-- an approval back has decided otherwise than whoever approved.
SELECT v.rule, v.hash, v.outcome, t.id, t.status, coalesce(t.revoked_by, t.decided_by, '')::text AS decided_by, t.created_at_ms
FROM verdicts v JOIN tickets t ON t.user_id = v.user_id AND t.id = v.ticket_id
WHERE v.at_ms >= @from_ms AND v.at_ms < @to_ms
  AND (t.decided_by LIKE 'agent:%' AND (v.outcome = 'approve' AND t.status = 'rejected' OR v.outcome = 'reject' AND t.status = 'approved')
    OR v.outcome = 'approve' AND t.status = 'revoked')
ORDER BY v.at_ms DESC, t.id DESC, v.rule
LIMIT @most;
