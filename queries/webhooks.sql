-- name: WebhookAdd :one
-- WebhookAdd adds a webhook. No row: there are as many as there may be.
INSERT INTO webhooks (id, url, types, secret, added_by, position)
SELECT @id, @url, @types, @secret, @added_by, @position
WHERE (SELECT count(*) FROM webhooks w WHERE w.deleted_at_ms IS NULL) < @most::bigint
RETURNING *;

-- name: WebhookList :many
-- WebhookList lists the webhooks, oldest first.
SELECT * FROM webhooks WHERE deleted_at_ms IS NULL ORDER BY created_at_ms, id LIMIT 1000;

-- name: WebhookGet :one
-- WebhookGet finds a webhook. No row: there is none, or it was deleted.
SELECT * FROM webhooks WHERE id = @id AND deleted_at_ms IS NULL;

-- name: WebhookDelete :execrows
-- WebhookDelete ends a webhook. Its deliveries are deleted by WebhookSweep.
UPDATE webhooks SET deleted_at_ms = now_ms(), secret = '', old_secret = NULL, old_secret_ends_ms = NULL WHERE id = @id AND deleted_at_ms IS NULL;

-- name: WebhookRotate :one
-- WebhookRotate gives a webhook another secret. The one before signs, too, for some time. No row: there is no such webhook.
UPDATE webhooks SET old_secret = secret, old_secret_ends_ms = now_ms() + @life_ms::bigint, secret = @secret
WHERE id = @id AND deleted_at_ms IS NULL
RETURNING *;

-- name: WebhookSwitchOn :one
-- WebhookSwitchOn lets a webhook that was switched off go on where it was. No row: there is no such webhook.
UPDATE webhooks SET off_at_ms = NULL, off_reason = NULL, failures = 0, next_at_ms = 0, failing_since_ms = CASE WHEN off_at_ms IS NULL THEN failing_since_ms END
WHERE id = @id AND deleted_at_ms IS NULL
RETURNING *;

-- name: WebhookRewind :execrows
-- WebhookRewind has everything sent again that comes after a position.
UPDATE webhooks SET position = least(position, @position::bigint) WHERE id = @id AND deleted_at_ms IS NULL;

-- name: WebhookLease :many
-- WebhookLease gives an instance the webhooks that no other one works on, and its own for longer.
UPDATE webhooks SET leased_by = @instance::uuid, leased_until_ms = now_ms() + @life_ms::bigint
WHERE id IN (
  SELECT w.id FROM webhooks w
  WHERE w.off_at_ms IS NULL AND w.deleted_at_ms IS NULL AND (w.leased_by = @instance::uuid OR w.leased_until_ms < (SELECT now_ms()))
  ORDER BY w.id FOR UPDATE SKIP LOCKED
)
RETURNING id;

-- name: WebhookRelease :exec
-- WebhookRelease lets other instances have the webhooks of one that ends.
UPDATE webhooks SET leased_by = NULL, leased_until_ms = 0 WHERE leased_by = @instance::uuid;

-- name: WebhookRound :one
-- WebhookRound reads a webhook that an instance works on. No row: it does not any more.
SELECT sqlc.embed(w), now_ms() AS now_ms FROM webhooks w
WHERE w.id = @id AND w.leased_by = @instance::uuid AND w.leased_until_ms > now_ms() AND w.off_at_ms IS NULL AND w.deleted_at_ms IS NULL;

-- name: DeliveryDue :many
-- DeliveryDue reads what is due to be tried, longest waiting first, and of what has the same order key only the first. any_time: what is not
-- due yet, too, and first what was tried least often.
SELECT * FROM webhook_deliveries d
WHERE d.webhook_id = @webhook_id AND d.state = 'waiting' AND (d.next_at_ms <= (SELECT now_ms()) OR @any_time::boolean) AND NOT EXISTS (
  SELECT 1 FROM webhook_deliveries e
  WHERE e.webhook_id = d.webhook_id AND e.state = 'waiting' AND e.order_key = d.order_key AND e.position < d.position
)
ORDER BY CASE WHEN @any_time::boolean THEN d.attempts END, d.next_at_ms LIMIT @most;

-- name: DeliveryWaitingKeys :many
-- DeliveryWaitingKeys are those of some order keys of which something waits.
SELECT DISTINCT d.order_key FROM webhook_deliveries d
WHERE d.webhook_id = @webhook_id AND d.state = 'waiting' AND d.order_key = ANY (@keys::text[]);

-- name: WebhookFinish :one
-- WebhookFinish writes what became of a round of an instance, and how far in the feed it has come, and says why the webhook is now
-- switched off, if it is. No row: the instance did not work on it any more, and nothing was written. A position that was changed meanwhile stays. What only waits behind something else
-- (attempts of 0) does not change a row that waits. The answer of a ticket that is erased is not kept; one that is erased
-- meanwhile waits until that is written. recovered:
-- the receiver answers again, so what got no answer is tried at once.
WITH hook AS (
  UPDATE webhooks w SET position = CASE WHEN w.position = @seen_position::bigint THEN @position::bigint ELSE w.position END,
    failures = @failures, next_at_ms = CASE WHEN @pause_ms::bigint > 0 THEN now_ms() + @pause_ms::bigint ELSE 0 END,
    failing_since_ms = CASE WHEN @outcome::text = 'delivered' THEN NULL WHEN @outcome::text = 'failed' THEN coalesce(w.failing_since_ms, now_ms()) ELSE w.failing_since_ms END,
    off_at_ms = CASE WHEN @gone::boolean OR @outcome::text = 'failed' AND w.failing_since_ms < now_ms() - @most_failing_ms::bigint THEN now_ms() END,
    off_reason = CASE WHEN @gone::boolean THEN 'gone' WHEN @outcome::text = 'failed' AND w.failing_since_ms < now_ms() - @most_failing_ms::bigint THEN 'failing' END
  WHERE w.id = @webhook_id AND w.leased_by = @instance::uuid AND w.leased_until_ms > now_ms() AND w.off_at_ms IS NULL AND w.deleted_at_ms IS NULL
  RETURNING w.id, w.off_reason
), kept AS (
  SELECT t.id FROM tickets t, hook WHERE t.id = ANY (@answered_tickets::uuid[]) AND t.erased_at_ms IS NULL ORDER BY t.id FOR SHARE OF t
), results AS (
  SELECT unnest(@event_ids::uuid[]) AS event_id, unnest(@positions::bigint[]) AS position, unnest(@types::text[]) AS type, unnest(@order_keys::text[]) AS order_key,
    unnest(@ticket_ids::uuid[]) AS ticket_id, unnest(@states::text[]) AS state, unnest(@attempts::integer[]) AS attempts, unnest(@delays_ms::bigint[]) AS delay_ms,
    unnest(@statuses::integer[]) AS status, unnest(@errors::text[]) AS error, unnest(@answers::text[]) AS answer
), again AS (
  UPDATE webhook_deliveries d SET next_at_ms = now_ms() FROM hook
  WHERE @recovered::boolean AND d.webhook_id = hook.id AND d.state = 'waiting' AND d.attempts > 0
    AND (d.status IS NULL OR d.status IN (429, 502, 503, 504)) AND d.event_id <> ALL (@event_ids::uuid[])
), written AS (
  INSERT INTO webhook_deliveries AS d (webhook_id, event_id, position, type, order_key, ticket_id, state, attempts, next_at_ms, status, error, answer)
  SELECT hook.id, r.event_id, r.position, r.type, r.order_key, nullif(r.ticket_id, '00000000-0000-0000-0000-000000000000'), r.state, r.attempts,
    now_ms() + r.delay_ms, nullif(r.status, 0), r.error,
    CASE WHEN r.ticket_id IN (SELECT id FROM kept) OR r.type = 'webhook.test' THEN r.answer ELSE '' END
  FROM hook, results r
  ON CONFLICT (webhook_id, event_id) DO UPDATE SET position = excluded.position, attempts = excluded.attempts, next_at_ms = excluded.next_at_ms,
    state = CASE WHEN excluded.state = 'waiting' AND excluded.attempts > 0 AND d.state = 'waiting' AND d.since_ms < now_ms() - @most_failing_ms::bigint
      THEN 'given_up' ELSE excluded.state END,
    since_ms = CASE WHEN d.state = 'waiting' THEN d.since_ms ELSE now_ms() END,
    status = excluded.status, error = excluded.error, answer = excluded.answer, updated_at_ms = now_ms()
  WHERE excluded.attempts > 0 OR d.state <> 'waiting'
)
SELECT coalesce(hook.off_reason, '')::text AS off FROM hook;

-- name: DeliveryAddTest :one
-- DeliveryAddTest has a test sent. No row: there is no such webhook, or it is switched off.
INSERT INTO webhook_deliveries (webhook_id, event_id, position, type, order_key, state)
SELECT w.id, @event_id::uuid, 0, 'webhook.test', (@event_id::uuid)::text, 'waiting' FROM webhooks w WHERE w.id = @webhook_id AND w.deleted_at_ms IS NULL AND w.off_at_ms IS NULL
RETURNING *;

-- name: DeliveryResend :one
-- DeliveryResend has something sent again. No row: there is no such delivery, or it has waited too long.
UPDATE webhook_deliveries d SET state = 'waiting', attempts = 0, next_at_ms = now_ms(), since_ms = now_ms(), updated_at_ms = now_ms()
FROM webhooks w
WHERE w.id = d.webhook_id AND w.deleted_at_ms IS NULL AND d.webhook_id = @webhook_id AND d.event_id = @event_id
RETURNING d.*;

-- name: DeliveryGet :one
-- DeliveryGet finds a delivery.
SELECT * FROM webhook_deliveries WHERE webhook_id = @webhook_id AND event_id = @event_id;

-- name: DeliveryList :many
-- DeliveryList lists what was sent to a webhook, or waits, newest first, before a place in that order.
SELECT * FROM webhook_deliveries
WHERE webhook_id = @webhook_id AND (created_at_ms, event_id) < (@before_ms::bigint, @before_id::uuid)
ORDER BY created_at_ms DESC, event_id DESC LIMIT @most;

-- name: WebhookCount :one
-- WebhookCount counts the webhooks that are switched off, and what waits; and finds out how long the oldest of that has waited.
SELECT (SELECT count(*) FROM webhooks w WHERE w.deleted_at_ms IS NULL AND w.off_at_ms IS NOT NULL) AS off,
  (SELECT count(*) FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id WHERE d.state = 'waiting' AND w.deleted_at_ms IS NULL AND w.off_at_ms IS NULL) AS waiting,
  coalesce((SELECT now_ms() - min(d.since_ms) FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id
    WHERE d.state = 'waiting' AND w.deleted_at_ms IS NULL AND w.off_at_ms IS NULL), 0)::bigint AS oldest_ms,
  coalesce((SELECT min(w.position) FROM webhooks w WHERE w.deleted_at_ms IS NULL AND w.off_at_ms IS NULL), -1)::bigint AS last_position;

-- name: WebhookSweep :one
-- WebhookSweep deletes some deliveries that are old, or are of deleted webhooks, and ends old secrets. It says how many it deleted.
WITH old AS (
  DELETE FROM webhook_deliveries d USING (
    (SELECT s.webhook_id, s.event_id FROM webhook_deliveries s JOIN webhooks w ON w.id = s.webhook_id WHERE w.deleted_at_ms IS NOT NULL LIMIT @most)
    UNION ALL
    (SELECT s.webhook_id, s.event_id FROM webhooks w CROSS JOIN LATERAL (
      SELECT e.webhook_id, e.event_id FROM webhook_deliveries e WHERE e.webhook_id = w.id AND e.created_at_ms < now_ms() - CASE WHEN e.state = 'waiting' THEN @waiting_ms::bigint ELSE @kept_ms::bigint END
      ORDER BY e.created_at_ms LIMIT @most) s)
  ) AS gone
  WHERE d.webhook_id = gone.webhook_id AND d.event_id = gone.event_id
  RETURNING 1
), ended AS (
  UPDATE webhooks SET old_secret = NULL, old_secret_ends_ms = NULL WHERE old_secret_ends_ms < now_ms()
)
SELECT count(*) FROM old;

-- name: WebhookForget :exec
-- WebhookForget deletes webhooks that were deleted and have no deliveries left.
DELETE FROM webhooks w WHERE w.deleted_at_ms < now_ms() - 3600000 AND NOT EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.webhook_id = w.id);
