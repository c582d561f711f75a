package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// ReadOrigin says which database and schema of which cluster a URL leads to. A primary and its replicas say the same. It is empty when
// the server does not say it to this role.
func ReadOrigin(ctx context.Context, url string) (origin string, err error) {
	config, err := ParseConnection(url)
	if err != nil {
		return "", err
	}
	config.ConnectTimeout = connectTime + connTrips*maxTrip/2
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	const query = "SELECT system_identifier || ' ' || current_database() || ' ' || coalesce(current_schema(), '') FROM pg_control_system()"
	err = conn.QueryRow(ctx, query, pgx.QueryExecModeSimpleProtocol).Scan(&origin)
	if sqlState(err) == insufficientPrivilege {
		return "", nil
	}
	return origin, err
}
