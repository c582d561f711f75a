package postgres

import (
	"context"
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
