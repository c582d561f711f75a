-- name: AuditAdd :exec
-- AuditAdd adds rows; each happened as many milliseconds ago as its age.
INSERT INTO audit (id, at_ms, actor, action, object, count, client, request_id)
SELECT e.id, now_ms() - e.age_ms, e.actor, e.action, e.object, nullif(e.count, -1), nullif(e.client, '')::inet, e.request_id
FROM (
  SELECT unnest(@ids::uuid[]) AS id, unnest(@ages_ms::bigint[]) AS age_ms, unnest(@actors::text[]) AS actor, unnest(@actions::text[]) AS action,
    unnest(@objects::text[]) AS object, unnest(@counts::bigint[]) AS count, unnest(@clients::text[]) AS client, unnest(@request_ids::text[]) AS request_id
) AS e
ON CONFLICT (id) DO NOTHING;

-- name: AuditList :many
-- AuditList lists what was done in a range of time, newest first, before a place in that order. An empty actor or action is any.
-- It is the view audit_all, but each part of it is read in the order of its index and no further than needed.
SELECT d.id, d.at_ms, d.actor, d.action, d.object, d.count, d.client, d.request_id FROM (
  (SELECT a.id AS id, a.at_ms AS at_ms, a.actor AS actor, a.action, a.object AS object, a.count, a.client, a.request_id
  FROM audit a
  WHERE a.at_ms >= @from_ms AND a.at_ms < @to_ms AND (a.at_ms, a.id) < (@before_ms::bigint, @before_id::uuid)
    AND (@actor::text = '' OR a.actor = @actor) AND (@action::text = '' OR a.action = @action)
  ORDER BY a.at_ms DESC, a.id DESC LIMIT @max)
  UNION ALL
  (SELECT t.id AS id, t.updated_at_ms AS at_ms, t.decided_by AS actor, 'approved'::text AS action, 'ticket:' || t.id::text AS object, NULL::bigint AS count, NULL::inet AS client, ''::text AS request_id
  FROM tickets t
  WHERE t.status = 'approved' AND t.status <> 'processing' AND t.updated_at_ms >= @from_ms AND t.updated_at_ms < @to_ms AND (t.updated_at_ms, t.id) < (@before_ms::bigint, @before_id::uuid)
    AND (@actor::text = '' OR t.decided_by = @actor) AND (@action::text = '' OR 'approved' = @action)
  ORDER BY t.updated_at_ms DESC, t.id DESC LIMIT @max)
  UNION ALL
  (SELECT t.id AS id, t.updated_at_ms AS at_ms, t.decided_by AS actor, 'rejected'::text AS action, 'ticket:' || t.id::text AS object, NULL::bigint AS count, NULL::inet AS client, ''::text AS request_id
  FROM tickets t
  WHERE t.status = 'rejected' AND t.status <> 'processing' AND t.updated_at_ms >= @from_ms AND t.updated_at_ms < @to_ms AND (t.updated_at_ms, t.id) < (@before_ms::bigint, @before_id::uuid)
    AND (@actor::text = '' OR t.decided_by = @actor) AND (@action::text = '' OR 'rejected' = @action)
  ORDER BY t.updated_at_ms DESC, t.id DESC LIMIT @max)
  UNION ALL
  (SELECT t.id AS id, t.decided_at_ms AS at_ms, t.decided_by AS actor, 'approved'::text AS action, 'ticket:' || t.id::text AS object, NULL::bigint AS count, NULL::inet AS client, ''::text AS request_id
  FROM tickets t
  WHERE t.status = 'revoked' AND t.status <> 'processing' AND t.updated_at_ms > @from_ms AND t.decided_at_ms >= @from_ms AND t.decided_at_ms < @to_ms AND (t.decided_at_ms, t.id) < (@before_ms::bigint, @before_id::uuid)
    AND (@actor::text = '' OR t.decided_by = @actor) AND (@action::text = '' OR 'approved' = @action)
  ORDER BY t.decided_at_ms DESC, t.id DESC LIMIT @max)
  UNION ALL
  (SELECT t.id AS id, t.updated_at_ms AS at_ms, t.revoked_by AS actor, 'revoked'::text AS action, 'ticket:' || t.id::text AS object, NULL::bigint AS count, NULL::inet AS client, ''::text AS request_id
  FROM tickets t
  WHERE t.status = 'revoked' AND t.status <> 'processing' AND t.updated_at_ms >= @from_ms AND t.updated_at_ms < @to_ms AND (t.updated_at_ms, t.id) < (@before_ms::bigint, @before_id::uuid)
    AND (@actor::text = '' OR t.revoked_by = @actor) AND (@action::text = '' OR 'revoked' = @action)
  ORDER BY t.updated_at_ms DESC, t.id DESC LIMIT @max)
  UNION ALL
  (SELECT r.ticket_id AS id, r.at_ms AS at_ms, r.reopened_by AS actor, 'reopened'::text AS action, 'ticket:' || r.ticket_id::text AS object, NULL::bigint AS count, NULL::inet AS client, ''::text AS request_id
  FROM reopenings r
  WHERE r.at_ms >= @from_ms AND r.at_ms < @to_ms AND (r.at_ms, r.ticket_id) < (@before_ms::bigint, @before_id::uuid)
    AND (@actor::text = '' OR r.reopened_by = @actor) AND (@action::text = '' OR 'reopened' = @action)
  ORDER BY r.at_ms DESC, r.ticket_id DESC LIMIT @max)
  UNION ALL
  (SELECT md5('file_views' || v.id::text)::uuid AS id, v.at_ms AS at_ms, v.actor AS actor, 'file_seen'::text AS action, 'file:' || v.file_id::text AS object, NULL::bigint AS count, NULL::inet AS client, ''::text AS request_id
  FROM file_views v
  WHERE v.at_ms >= @from_ms AND v.at_ms < @to_ms AND (v.at_ms, md5('file_views' || v.id::text)::uuid) < (@before_ms::bigint, @before_id::uuid)
    AND (@actor::text = '' OR v.actor = @actor) AND (@action::text = '' OR 'file_seen' = @action)
  ORDER BY v.at_ms DESC, md5('file_views' || v.id::text)::uuid DESC LIMIT @max)
) AS d
ORDER BY d.at_ms DESC, d.id DESC
LIMIT @max;

-- name: AuditListOf :many
-- AuditListOf is AuditList for one object; object_id is the id in it, or the zero one.
SELECT d.id, d.at_ms, d.actor, d.action, d.object, d.count, d.client, d.request_id FROM (
  (SELECT a.id AS id, a.at_ms AS at_ms, a.actor AS actor, a.action, a.object AS object, a.count, a.client, a.request_id
  FROM audit a
  WHERE a.at_ms >= @from_ms AND a.at_ms < @to_ms AND (a.at_ms, a.id) < (@before_ms::bigint, @before_id::uuid)
    AND (@actor::text = '' OR a.actor = @actor) AND (@action::text = '' OR a.action = @action) AND a.object = @object
  ORDER BY a.at_ms DESC, a.id DESC LIMIT @max)
  UNION ALL
  (SELECT t.id AS id, t.updated_at_ms AS at_ms, t.decided_by AS actor, 'approved'::text AS action, 'ticket:' || t.id::text AS object, NULL::bigint AS count, NULL::inet AS client, ''::text AS request_id
  FROM tickets t
  WHERE t.status = 'approved' AND t.status <> 'processing' AND t.updated_at_ms >= @from_ms AND t.updated_at_ms < @to_ms AND (t.updated_at_ms, t.id) < (@before_ms::bigint, @before_id::uuid)
    AND (@actor::text = '' OR t.decided_by = @actor) AND (@action::text = '' OR 'approved' = @action) AND t.id = @object_id::uuid
  ORDER BY t.updated_at_ms DESC, t.id DESC LIMIT @max)
  UNION ALL
  (SELECT t.id AS id, t.updated_at_ms AS at_ms, t.decided_by AS actor, 'rejected'::text AS action, 'ticket:' || t.id::text AS object, NULL::bigint AS count, NULL::inet AS client, ''::text AS request_id
  FROM tickets t
  WHERE t.status = 'rejected' AND t.status <> 'processing' AND t.updated_at_ms >= @from_ms AND t.updated_at_ms < @to_ms AND (t.updated_at_ms, t.id) < (@before_ms::bigint, @before_id::uuid)
    AND (@actor::text = '' OR t.decided_by = @actor) AND (@action::text = '' OR 'rejected' = @action) AND t.id = @object_id::uuid
  ORDER BY t.updated_at_ms DESC, t.id DESC LIMIT @max)
  UNION ALL
  (SELECT t.id AS id, t.decided_at_ms AS at_ms, t.decided_by AS actor, 'approved'::text AS action, 'ticket:' || t.id::text AS object, NULL::bigint AS count, NULL::inet AS client, ''::text AS request_id
  FROM tickets t
  WHERE t.status = 'revoked' AND t.status <> 'processing' AND t.updated_at_ms > @from_ms AND t.decided_at_ms >= @from_ms AND t.decided_at_ms < @to_ms AND (t.decided_at_ms, t.id) < (@before_ms::bigint, @before_id::uuid)
    AND (@actor::text = '' OR t.decided_by = @actor) AND (@action::text = '' OR 'approved' = @action) AND t.id = @object_id::uuid
  ORDER BY t.decided_at_ms DESC, t.id DESC LIMIT @max)
  UNION ALL
  (SELECT t.id AS id, t.updated_at_ms AS at_ms, t.revoked_by AS actor, 'revoked'::text AS action, 'ticket:' || t.id::text AS object, NULL::bigint AS count, NULL::inet AS client, ''::text AS request_id
  FROM tickets t
  WHERE t.status = 'revoked' AND t.status <> 'processing' AND t.updated_at_ms >= @from_ms AND t.updated_at_ms < @to_ms AND (t.updated_at_ms, t.id) < (@before_ms::bigint, @before_id::uuid)
    AND (@actor::text = '' OR t.revoked_by = @actor) AND (@action::text = '' OR 'revoked' = @action) AND t.id = @object_id::uuid
  ORDER BY t.updated_at_ms DESC, t.id DESC LIMIT @max)
  UNION ALL
  (SELECT r.ticket_id AS id, r.at_ms AS at_ms, r.reopened_by AS actor, 'reopened'::text AS action, 'ticket:' || r.ticket_id::text AS object, NULL::bigint AS count, NULL::inet AS client, ''::text AS request_id
  FROM reopenings r
  WHERE r.at_ms >= @from_ms AND r.at_ms < @to_ms AND (r.at_ms, r.ticket_id) < (@before_ms::bigint, @before_id::uuid)
    AND (@actor::text = '' OR r.reopened_by = @actor) AND (@action::text = '' OR 'reopened' = @action) AND r.ticket_id = @object_id
  ORDER BY r.at_ms DESC, r.ticket_id DESC LIMIT @max)
  UNION ALL
  (SELECT md5('file_views' || v.id::text)::uuid AS id, v.at_ms AS at_ms, v.actor AS actor, 'file_seen'::text AS action, 'file:' || v.file_id::text AS object, NULL::bigint AS count, NULL::inet AS client, ''::text AS request_id
  FROM file_views v
  WHERE v.at_ms >= @from_ms AND v.at_ms < @to_ms AND (v.at_ms, md5('file_views' || v.id::text)::uuid) < (@before_ms::bigint, @before_id::uuid)
    AND (@actor::text = '' OR v.actor = @actor) AND (@action::text = '' OR 'file_seen' = @action) AND v.file_id = @object_id
  ORDER BY v.at_ms DESC, md5('file_views' || v.id::text)::uuid DESC LIMIT @max)
) AS d
ORDER BY d.at_ms DESC, d.id DESC
LIMIT @max;

-- name: AuditForgetClients :execrows
-- AuditForgetClients removes the addresses of clients from old rows.
WITH old AS (
  SELECT id FROM audit WHERE client IS NOT NULL AND at_ms < now_ms() - @age_ms::bigint
  ORDER BY at_ms LIMIT @max FOR UPDATE SKIP LOCKED
)
UPDATE audit SET client = NULL FROM old WHERE audit.id = old.id;

-- name: AuditBursts :many
-- AuditBursts returns agents who saw more in the last minute than they may, and did not in the minute before this was found last.
-- Of several counts at the same time one has the agent. count_id is new for each.
WITH many AS (
  SELECT actor FROM audit
  WHERE at_ms > (SELECT now_ms() - 60000) AND at_ms <= (SELECT now_ms()) AND action IN ('ticket_opened', 'unclaimed_ticket_opened', 'file_seen') AND actor LIKE 'agent:%'
  GROUP BY actor
  HAVING count(*) FILTER (WHERE action <> 'file_seen') > @max_tickets::bigint OR count(*) FILTER (WHERE action = 'file_seen') > @max_files::bigint
), found AS (
  INSERT INTO view_bursts AS b (actor, until_ms, found_by)
  SELECT actor, now_ms() + 60000, @count_id::uuid FROM many ORDER BY actor
  ON CONFLICT (actor) DO UPDATE SET
    found_by = CASE WHEN b.until_ms < now_ms() THEN excluded.found_by ELSE b.found_by END, until_ms = excluded.until_ms
  RETURNING b.actor, b.found_by
)
SELECT actor FROM found WHERE found_by = @count_id ORDER BY actor;
