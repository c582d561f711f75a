package postgres

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"sync/atomic"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// distribution remembers whether the tables of users' data are distributed over the workers of a Citus cluster: what locks or changes a ticket there
// names its user.
type distribution struct {
	look  bool // whether it has to be found out
	known atomic.Pointer[bool]
}

// querier is a pool, a connection or a transaction.
type querier interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// FindDistribution has the pool find out, when that is asked first, whether the tables are distributed. Without it they are not.
func (p *Pool) FindDistribution() { p.distribution.look = true }

// Distributed reports whether the tables are distributed; on is a connection of the pool, or the pool.
func (p *Pool) Distributed(ctx context.Context, on querier) (bool, error) {
	d := &p.distribution
	if known := d.known.Load(); known != nil || !d.look {
		return known != nil && *known, nil
	}
	var found bool
	err := on.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass('tickets') AND tgname = 'tickets_opened_row')").Scan(&found)
	if err == nil {
		d.known.Store(&found)
	}
	return found, err
}

// UserToName returns the user of a ticket where a statement has to name that, because the tables are distributed; elsewhere nothing. For a ticket that is not
// there it is nobody.
func (p *Pool) UserToName(ctx context.Context, on querier, ticket uuid.UUID) (user string, err error) {
	distributed, err := p.Distributed(ctx, on)
	if err != nil || !distributed {
		return "", err
	}
	err = on.QueryRow(ctx, "SELECT user_id FROM tickets WHERE id = $1", ticket).Scan(&user)
	if IsNoRows(err) {
		return "nobody:" + ticket.String(), nil
	}
	return user, err
}

// Statements are what runs a statement: a connection or a transaction.
type Statements interface {
	querier
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	SendBatch(ctx context.Context, batch *pgx.Batch) pgx.BatchResults
}

// ChangeTicket calls change for one statement that locks a ticket and changes what belongs to it. See LockTicket for what it is called with.
func (p *Pool) ChangeTicket(ctx context.Context, ticket uuid.UUID, change func(on Statements, user string) error) error {
	return RunWrite(ctx, p, func(conn *pgx.Conn) error {
		distributed, err := p.Distributed(ctx, conn)
		if err != nil {
			return err
		}
		if !distributed {
			return change(conn, "")
		}
		return TransactOn(ctx, conn, func(tx pgx.Tx) error {
			on, user, err := p.LockTicket(ctx, tx, ticket)
			if err != nil {
				return err
			}
			return change(on, user)
		})
	})
}

// LockTickets is LockTicket of several, in the order of their ids, for a statement that need not name a user.
func (p *Pool) LockTickets(ctx context.Context, tx pgx.Tx, tickets []uuid.UUID) (on Statements, err error) {
	distributed, err := p.Distributed(ctx, tx)
	if err != nil || !distributed {
		return tx, err
	}
	for _, id := range slices.SortedFunc(slices.Values(tickets), func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }) {
		if _, _, err := p.LockTicket(ctx, tx, id); err != nil {
			return nil, err
		}
	}
	return unlocked{tx}, nil
}

// LockTicket returns what a statement is run with that locks a ticket and changes what belongs to it, and nothing as its user. Where the tables are
// distributed Citus refuses to lock a ticket beside other tables: it is locked here, the statement runs without its lock, and it has to name the user.
func (p *Pool) LockTicket(ctx context.Context, tx pgx.Tx, ticket uuid.UUID) (on Statements, user string, err error) {
	user, err = p.UserToName(ctx, tx, ticket)
	if err != nil || user == "" {
		return tx, "", err
	}
	_, err = tx.Exec(ctx, "SELECT FROM tickets WHERE user_id = $1 AND id = $2 FOR UPDATE", user, ticket)
	return unlocked{tx}, user, err
}

// unlocked leaves out the lock of a statement.
type unlocked struct{ pgx.Tx }

// QueryRow implements Statements. The values stand in the text: Citus loses the types of those that a part of the statement does not use.
func (u unlocked) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	values := []any{pgx.QueryExecModeSimpleProtocol}
	for _, arg := range args {
		values = append(values, inText(arg))
	}
	return u.Tx.QueryRow(ctx, rowLock.ReplaceAllString(sql, ""), values...)
}

// inText is a value as it stands in the text of a statement: ids are strings there, and so is JSON.
func inText(arg any) any {
	switch v := arg.(type) {
	case []uuid.UUID:
		texts := make([]string, len(v))
		for i, id := range v {
			texts[i] = id.String()
		}
		return texts
	case []byte:
		if json.Valid(v) {
			return string(v)
		}
	}
	return arg
}
