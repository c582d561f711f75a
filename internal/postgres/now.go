package postgres

import (
	"context"
	"time"
)

// Now is the time of the database, by which it writes when something happened. An instance whose clock is ahead must not erase or move what
// is due by its own.
func (p *Pool) Now(ctx context.Context) (time.Time, error) {
	var ms int64
	err := p.QueryRow(ctx, "SELECT now_ms()").Scan(&ms)
	return time.UnixMilli(ms), WrapError("read the time of the database", err)
}
