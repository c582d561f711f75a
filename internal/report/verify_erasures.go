package report

import (
	"context"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
)

// verifyErasures finds what is left of users whose account was erased.
func (v verification) verifyErasures(ctx context.Context) error {
	for after, last := "", false; !last; {
		var problems []string
		err := withStatementTimeout(ctx, v.pool, commandTimeout, func(tx pgx.Tx) error {
			until, err := v.q.VerifyNextErased(ctx, tx, db.VerifyNextErasedParams{AfterUser: after, Most: erasedStep})
			if last = postgres.IsNoRows(err); last {
				return nil
			}
			if err != nil {
				return err
			}
			rows, err := v.q.VerifyErasures(ctx, tx, db.VerifyErasuresParams{AfterUser: after, UntilUser: until})
			for _, row := range rows {
				problems = append(problems, fmt.Sprintf("user %s %s", strconv.Quote(row.UserID), row.Problem))
			}
			after = until
			return err
		})
		if err != nil {
			return postgres.WrapError("verify erasures", err)
		}
		if err := v.reportProblems(problems, erasedStep); err != nil {
			return err
		}
	}
	return nil
}
