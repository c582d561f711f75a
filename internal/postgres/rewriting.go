package postgres

import (
	"context"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Rewriting is a pool that, where the tables are distributed, writes again what Citus refuses of a statement: row locks, without which it must be right too,
// limits that are hidden from the planner, and what is looked for by each name of a list, which is looked for by all of them at once.
type Rewriting struct{ *Pool }

// Exec implements db.DBTX.
func (r Rewriting) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	sql, err := r.rewrite(ctx, sql)
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	return r.Pool.Exec(ctx, sql, args...)
}

// Query implements db.DBTX.
func (r Rewriting) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	sql, err := r.rewrite(ctx, sql)
	if err != nil {
		return nil, err
	}
	return r.Pool.Query(ctx, sql, args...)
}

func (r Rewriting) rewrite(ctx context.Context, sql string) (string, error) {
	distributed, err := r.Distributed(ctx, r.Pool)
	if err != nil || !distributed {
		return sql, err
	}
	return rewriteRefused(sql), nil
}

var (
	rowLock     = regexp.MustCompile(`FOR ((NO KEY )?UPDATE|(KEY )?SHARE)( OF \w+)?( SKIP LOCKED)?`)
	hiddenLimit = regexp.MustCompile(`LIMIT \(SELECT (\$\d+)::integer\)`)
	eachName    = regexp.MustCompile(`unnest\((\$\d+::text\[\])\) AS (\w+) \(name\) CROSS JOIN LATERAL `)
)

func rewriteRefused(sql string) string {
	sql = hiddenLimit.ReplaceAllString(rowLock.ReplaceAllString(sql, ""), "LIMIT $1")
	for _, list := range eachName.FindAllStringSubmatch(sql, -1) {
		sql = strings.Replace(strings.Replace(sql, list[0], "", 1), "= "+list[2]+".name", "= ANY ("+list[1]+")", 1)
	}
	return sql
}
