-- name: VerdictAdd :exec
-- VerdictAdd keeps what rules said of a ticket when it was submitted.
INSERT INTO verdicts (ticket_id, rule, hash, shadow, outcome, reason, at_ms)
SELECT @ticket_id, rule, hash, shadow, outcome, nullif(reason, ''), @at_ms
FROM (
  SELECT unnest(@rules::text[]) AS rule, unnest(@hashes::text[]) AS hash, unnest(@shadows::boolean[]) AS shadow,
    unnest(@outcomes::text[]) AS outcome, unnest(@reasons::text[]) AS reason
) AS said;
