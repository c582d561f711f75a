-- name: OutboxAddNewDevice :exec
-- OutboxAddNewDevice tells the owner of an account of a new device, unless the account is not an hour old.
INSERT INTO outbox (account_id, kind)
SELECT a.id, 'new_device' FROM accounts a WHERE a.id = @account_id AND a.disabled_at_ms IS NULL AND a.created_at_ms < now_ms() - 3600000;

-- name: OutboxAddReset :exec
-- OutboxAddReset has a link sent that sets a new password, if the address has an account whose owner does not sign in at a provider.
-- It writes a row for every address, so that it takes as long.
INSERT INTO outbox (account_id, kind)
SELECT (SELECT a.id FROM accounts a WHERE a.email = @email AND a.disabled_at_ms IS NULL
  AND NOT EXISTS (SELECT 1 FROM provider_identities i WHERE i.account_id = a.id)), 'reset';

-- name: OutboxAddConfirm :exec
-- OutboxAddConfirm has a link sent that confirms an address, if its account is not confirmed. It writes a row for every address.
INSERT INTO outbox (account_id, kind, password_hash)
SELECT a.id, 'confirm', a.password_hash
FROM (SELECT) AS one LEFT JOIN accounts a ON a.email = @email AND NOT a.confirmed AND a.disabled_at_ms IS NULL;

-- name: OutboxTake :many
-- OutboxTake takes e-mails that are due, the longest waiting first. Those that are not deleted before their pause is over are
-- due again: a minute after the first attempt, then twice as long each time, at most four hours. E-mails for nobody are deleted.
WITH unsent AS (DELETE FROM outbox n WHERE n.account_id IS NULL)
UPDATE outbox SET attempts = attempts + 1, next_at_ms = now_ms() + least(60000 * (1 << least(attempts, 10)), 14400000)
FROM accounts a
WHERE a.id = outbox.account_id AND outbox.id IN (
  SELECT o.id FROM outbox o WHERE o.next_at_ms <= (SELECT now_ms()) ORDER BY o.next_at_ms LIMIT @most FOR UPDATE SKIP LOCKED
)
RETURNING outbox.id, a.id AS account_id, outbox.kind, outbox.ticket_id, outbox.password_hash, outbox.attempts, outbox.created_at_ms,
  a.email, a.language;

-- name: OutboxDelete :exec
-- OutboxDelete deletes an e-mail that was sent or given up.
DELETE FROM outbox WHERE id = @id;

-- name: OutboxCount :one
-- OutboxCount counts the e-mails that wait, and finds the time of the oldest.
SELECT count(*) AS waiting, coalesce(min(created_at_ms), now_ms())::bigint AS oldest_ms, now_ms() AS now_ms FROM outbox;

-- name: OutboxTicket :one
-- OutboxTicket is what an e-mail about a ticket says of it.
SELECT form_version, coalesce(reject_reasons, ARRAY[]::text[])::text[] AS reasons, coalesce(reject_class, '')::text AS class,
  coalesce(reject_rows, ARRAY[]::text[])::text[] AS rejected_rows, attempt FROM tickets WHERE id = @id;

-- name: OutboxRemindSteps :exec
-- OutboxRemindSteps reminds, once, those whom a step asks that has waited as long as the form says.
WITH due AS (
  UPDATE approval_steps s SET reminded_at_ms = now_ms()
  WHERE s.reminded_at_ms IS NULL AND (s.user_id, s.ticket_id, s.step) IN (
    SELECT d.user_id, d.ticket_id, d.step FROM approval_steps d
    WHERE d.since_ms IS NOT NULL AND d.remind_ms IS NOT NULL AND d.reminded_at_ms IS NULL AND d.since_ms + d.remind_ms <= (SELECT now_ms())
    ORDER BY d.since_ms + d.remind_ms LIMIT 100 FOR UPDATE SKIP LOCKED
  )
  RETURNING s.user_id, s.ticket_id, s.email, s.team
)
INSERT INTO outbox (account_id, kind, ticket_id)
SELECT DISTINCT a.id, 'step', due.ticket_id
FROM due JOIN accounts a ON a.email = due.email OR a.id IN (SELECT m.account_id FROM team_members m WHERE m.team = due.team)
LEFT JOIN opinions o ON o.user_id = due.user_id AND o.ticket_id = due.ticket_id AND o.given_by = 'agent:' || a.id
WHERE a.role IN ('agent', 'admin') AND a.disabled_at_ms IS NULL AND a.id::text <> due.user_id AND o.ticket_id IS NULL;

-- name: OutboxSweep :exec
-- OutboxSweep deletes what has expired.
SELECT mail_sweep();

-- name: MailSenderRenew :exec
-- MailSenderRenew records that e-mail is sent for some time to come.
INSERT INTO mail_senders (until_ms) VALUES (now_ms() + @life_ms::bigint)
ON CONFLICT (one) DO UPDATE SET until_ms = excluded.until_ms;

-- name: MailRequestCount :many
-- MailRequestCount counts a request under several keys, and returns how many each had in its hour, this one included.
INSERT INTO mail_requests AS r (key, requests, since_ms)
SELECT k, 1, now_ms() FROM unnest(@keys::bytea[]) AS k ORDER BY k
ON CONFLICT (key) DO UPDATE
SET requests = CASE WHEN r.since_ms > now_ms() - 3600000 THEN r.requests + 1 ELSE 1 END,
    since_ms = CASE WHEN r.since_ms > now_ms() - 3600000 THEN r.since_ms ELSE now_ms() END
RETURNING r.key, r.requests;
