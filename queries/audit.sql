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
-- AuditList lists what was done in a range of time, newest first, before a place in that order. An empty actor, action or
-- object is any.
SELECT id, at_ms, actor, action, object, count, client, request_id
FROM audit_all
WHERE at_ms >= @from_ms AND at_ms < @to_ms AND (at_ms, id) < (@before_ms::bigint, @before_id::uuid)
  AND (@actor::text = '' OR actor = @actor) AND (@action::text = '' OR action = @action) AND (@object::text = '' OR object = @object)
ORDER BY at_ms DESC, id DESC
LIMIT @max;

-- name: AuditForgetClients :execrows
-- AuditForgetClients removes the addresses of clients from old rows.
WITH old AS (
  SELECT id FROM audit WHERE client IS NOT NULL AND at_ms < now_ms() - @age_ms::bigint
  ORDER BY at_ms LIMIT @max FOR UPDATE SKIP LOCKED
)
UPDATE audit SET client = NULL FROM old WHERE audit.id = old.id;
