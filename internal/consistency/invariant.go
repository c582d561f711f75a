package consistency

// Invariant is a statement that says whether the row of every user in user_tickets, and of every subject in user_subject_tickets, is their last approval, of those after
// one that was removed, and whether no approval that was taken back is newer than that row and than what was removed. It shares
// nothing with what docket verify asks, which it checks too.
const Invariant = `SELECT NOT EXISTS (SELECT 1 FROM
	(SELECT DISTINCT ON (user_id) user_id, id, updated_at_ms FROM (SELECT * FROM tickets UNION ALL SELECT * FROM archived_rows) t LEFT JOIN latest_removed r USING (user_id)
		WHERE status = 'approved' AND (r.version IS NULL OR updated_at_ms > r.version) ORDER BY user_id, updated_at_ms DESC, id DESC) t
	FULL JOIN user_tickets u USING (user_id) WHERE t.id IS DISTINCT FROM u.ticket_id OR t.updated_at_ms IS DISTINCT FROM u.updated_at_ms)
	AND NOT EXISTS (SELECT 1 FROM (SELECT * FROM tickets UNION ALL SELECT * FROM archived_rows) t WHERE t.status = 'revoked'
		AND NOT EXISTS (SELECT FROM latest_removed r WHERE r.user_id = t.user_id AND r.version >= t.decided_at_ms)
		AND NOT EXISTS (SELECT FROM user_tickets u WHERE u.user_id = t.user_id AND u.updated_at_ms > t.decided_at_ms AND u.ticket_id <> t.id))
	AND NOT EXISTS (SELECT 1 FROM
		(SELECT DISTINCT ON (t.user_id, t.subject) t.user_id, t.subject, t.id FROM (SELECT * FROM tickets UNION ALL SELECT * FROM archived_rows) t
			LEFT JOIN subject_removed r ON r.user_id = t.user_id AND r.subject_hash = sha256(convert_to(t.subject, 'UTF8'))
			WHERE t.status = 'approved' AND t.subject <> '' AND (r.version IS NULL OR t.updated_at_ms > r.version) ORDER BY t.user_id, t.subject, t.updated_at_ms DESC, t.id DESC) t
		FULL JOIN user_subject_tickets s USING (user_id, subject) WHERE t.id IS DISTINCT FROM s.ticket_id)`
