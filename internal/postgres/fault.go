package postgres

import (
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"docket/internal/ticket"
)

// Fault wraps an error of the database with what was tried. A server that cannot be talked to, or that is starting,
// stopping or full, is ticket.ErrUnavailable.
func Fault(doing string, err error) error {
	if unreachable(err) {
		return fmt.Errorf("%s: %w: %w", doing, ticket.ErrUnavailable, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// None reports whether err says that no row was found.
func None(err error) bool { return errors.Is(err, pgx.ErrNoRows) }

// Reason is what may be logged of an error: never a database's own words, which hold values of rows.
func Reason(err error) string {
	if answer, ok := errors.AsType[*pgconn.PgError](err); ok {
		return "SQLSTATE " + answer.Code
	}
	return err.Error()
}

func unreachable(err error) bool {
	if answer, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch code := answer.Code; {
		case strings.HasPrefix(code, "08"), strings.HasPrefix(code, "57P"):
			return true // no connection; the server stops or starts
		case code == "53300", code == "25006":
			return true // too many connections; the primary became read-only
		}
		return false
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	return pgconn.SafeToRetry(err)
}
