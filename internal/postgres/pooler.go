package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Whether a pooler keeps the prepared statements of a client when it gives it another server connection.
const (
	statementsUnknown int32 = iota
	statementsKept
	statementsLost
)

// UsesPooler reports whether the connections of a pool end at a pooler, such as PgBouncer: then another
// server may answer on an old connection.
func UsesPooler(pool *Pool) bool { return pool.admission.pooler.Load() }

// LosesStatements reports whether the pool's connections end at a pooler that loses prepared statements, so that every query
// is parsed again. It is false until a connection was made, and if the URL says default_query_exec_mode=cache_describe.
func LosesStatements(pool *Pool) bool { return pool.admission.statements.Load() == statementsLost }

const configKey = "config" // of the configuration that a connection uses

type configContext struct{}

// TraceConnectStart implements pgx.ConnectTracer: it is told the configuration that the connection will use.
func (a *admission) TraceConnectStart(ctx context.Context, data pgx.TraceConnectStartData) context.Context {
	return context.WithValue(ctx, configContext{}, data.ConnConfig)
}

// TraceConnectEnd implements pgx.ConnectTracer. It keeps the configuration for avoidStatements.
func (a *admission) TraceConnectEnd(ctx context.Context, data pgx.TraceConnectEndData) {
	if data.Err == nil {
		data.Conn.PgConn().CustomData()[configKey] = ctx.Value(configContext{})
	}
}

// avoidStatements makes a new connection work without prepared statements if its pooler loses them.
func (a *admission) avoidStatements(ctx context.Context, conn *pgx.Conn) error {
	config, ok := conn.PgConn().CustomData()[configKey].(*pgx.ConnConfig)
	if !ok || config.DefaultQueryExecMode != pgx.QueryExecModeCacheStatement {
		return nil
	}
	if a.statements.Load() == statementsUnknown {
		kept, err := keepsStatements(ctx, conn)
		if err != nil {
			return err
		}
		a.statements.Store(statementsLost)
		if kept {
			a.statements.Store(statementsKept)
		}
	}
	if a.statements.Load() == statementsLost {
		config.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	}
	return nil
}

const probeStatement = "docket_probe"

// keepsStatements prepares a statement and looks whether the server knows it by the same name. A pooler that keeps statements
// gives them names of its own, because those of its clients are not unique.
func keepsStatements(ctx context.Context, conn *pgx.Conn) (kept bool, err error) {
	if _, err := conn.Exec(ctx, "BEGIN", pgx.QueryExecModeSimpleProtocol); err != nil {
		return false, err
	}
	_, err = conn.PgConn().Prepare(ctx, probeStatement, "SELECT 1", nil)
	if taken, ok := errors.AsType[*pgconn.PgError](err); ok && taken.Code == "42P05" { // by a client whose connection ended here
		_, err = conn.Exec(ctx, "ROLLBACK", pgx.QueryExecModeSimpleProtocol)
		return false, err
	}
	if err != nil {
		return false, err
	}
	query := fmt.Sprintf("SELECT NOT EXISTS (SELECT FROM pg_prepared_statements WHERE name = '%s')", probeStatement)
	if err := conn.QueryRow(ctx, query, pgx.QueryExecModeSimpleProtocol).Scan(&kept); err != nil {
		return false, err
	}
	if err := conn.PgConn().Deallocate(ctx, probeStatement); err != nil {
		return false, err
	}
	_, err = conn.Exec(ctx, "COMMIT", pgx.QueryExecModeSimpleProtocol)
	return kept, err
}
