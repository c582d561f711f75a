-- name: SubmissionLinkAdd :one
-- SubmissionLinkAdd adds a link: see the function submission_link_add. 0: the key may not make one.
SELECT coalesce(submission_link_add(@id::uuid, @token_hash::bytea, @key_id::uuid, @user_id::text, @return_url::text, @state::text, @prefill::jsonb,
  @locked::text[], @language::text, @life_ms::bigint, @mac::bytea), 0)::bigint AS expires_at_ms;

-- name: SubmissionLinkByHash :one
-- SubmissionLinkByHash finds a link, with the key that made it and the ticket that was sent with it. The link of a key that is not
-- valid any more is revoked.
SELECT sqlc.embed(l), k.name AS key_name, t.id AS ticket_id, (l.expires_at_ms <= now_ms())::boolean AS expired,
  (l.revoked_at_ms IS NOT NULL OR k.revoked_at_ms IS NOT NULL OR coalesce(k.expires_at_ms <= now_ms(), false))::boolean AS revoked
FROM submission_links l JOIN api_keys k ON k.id = l.key_id
LEFT JOIN tickets t ON t.submitted_by = 'key:' || k.name AND t.submission_key = l.id::text AND t.user_id = l.user_id
WHERE l.token_hash = @token_hash;

-- name: SubmissionLinkAdmit :one
-- SubmissionLinkAdmit lets one more browser use a link: see the function submission_link_admit.
SELECT submission_link_admit(@id::uuid, @browser::bytea, @known::bigint, @most::bigint, @mac::bytea)::boolean AS admitted;

-- name: SubmissionLinkTry :execrows
-- SubmissionLinkTry counts a code that somebody shows. No row: there were too many.
UPDATE submission_links SET tries = tries + 1 WHERE id = @id AND tries < @most::integer;

-- name: SubmissionLinkRevoke :execrows
-- SubmissionLinkRevoke ends a link of a key. No row: it has no such link; revoking twice keeps the first time.
UPDATE submission_links SET revoked_at_ms = coalesce(revoked_at_ms, now_ms()) WHERE id = @id AND key_id = @key_id;

-- name: SubmissionLinkDeleteOld :execrows
-- SubmissionLinkDeleteOld deletes some of the links that ended longer ago than an age, but not of users on hold.
DELETE FROM submission_links WHERE id IN (
  SELECT l.id FROM submission_links l
  WHERE l.expires_at_ms < (SELECT now_ms() - @age_ms::bigint) AND may_erase(l.user_id)
  ORDER BY l.expires_at_ms LIMIT @most
);

-- name: SubmissionLinkDeleteDrafts :exec
-- SubmissionLinkDeleteDrafts deletes the drafts of links that have ended, but not of users on hold.
WITH ended AS MATERIALIZED (
  SELECT 'link:' || l.id AS link, l.user_id FROM submission_links l WHERE l.revoked_at_ms < now_ms() - @age_ms::bigint OR l.expires_at_ms < now_ms() - @age_ms
), drafted AS MATERIALIZED (
  SELECT d.user_id AS link FROM drafts d WHERE d.user_id IN (SELECT e.link FROM ended e)
), due AS MATERIALIZED (
  SELECT e.link FROM ended e JOIN drafted d ON d.link = e.link WHERE may_erase(e.user_id)
)
DELETE FROM drafts WHERE user_id IN (SELECT due.link FROM due);
