package consistency

// Invariant is whether the row of every user is their last approval, in SQL. It is apart from what docket verify asks, which it is to judge, too.
const Invariant = `SELECT NOT EXISTS (SELECT FROM
	(SELECT DISTINCT ON (user_id) user_id, id, updated_at_ms FROM tickets WHERE status = 'approved' ORDER BY user_id, updated_at_ms DESC, id DESC) t
	FULL JOIN user_tickets u USING (user_id) WHERE t.id IS DISTINCT FROM u.ticket_id OR t.updated_at_ms IS DISTINCT FROM u.updated_at_ms)`
