-- name: SavedViewPut :execrows
-- SavedViewPut keeps a view of an account under a name, in place of one of that name. No row: the account has as many as it may.
INSERT INTO saved_views AS v (id, account_id, name, query, shared)
SELECT @id, @account_id, @name, @query, @shared
WHERE (SELECT count(*) FROM saved_views o WHERE o.account_id = @account_id AND o.name <> @name) < @most::bigint
ON CONFLICT (account_id, name) DO UPDATE SET query = excluded.query, shared = excluded.shared;

-- name: SavedViewList :many
-- SavedViewList lists the views of an account, and those that others share, by name.
SELECT * FROM saved_views WHERE account_id = @account_id OR shared ORDER BY name, id LIMIT @most;

-- name: SavedViewDelete :execrows
-- SavedViewDelete deletes a view of an account; an admin deletes a shared one of anybody.
DELETE FROM saved_views v WHERE v.id = @id AND (v.account_id = @account_id OR @admin::boolean AND v.shared);
