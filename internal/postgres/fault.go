package postgres

import (
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"docket/internal/ticket"
)

// fault is an error of the database with what was tried. Its words are safe to log.
type fault struct {
	doing string
	err   error
}

func (f fault) Error() string { return f.doing + ": " + Reason(f.err) }

func (f fault) Unwrap() []error {
	if Unreachable(f.err) {
		return []error{ticket.ErrUnavailable, f.err}
	}
	return []error{f.err}
}

// Fault wraps an error of the database with what was tried, in words that are safe to log. A server that cannot be
// talked to, or that is starting, stopping or full, is also ticket.ErrUnavailable.
func Fault(doing string, err error) error { return fault{doing, err} }

// None reports whether err says that no row was found.
func None(err error) bool { return errors.Is(err, pgx.ErrNoRows) }

// Reason is what may be logged of an error: never a database's own words, which hold values of rows.
func Reason(err error) string {
	if answer, ok := errors.AsType[*pgconn.PgError](err); ok {
		return "SQLSTATE " + answer.Code
	}
	return err.Error()
}

// Unreachable reports whether err says that a server cannot be talked to, or is starting, stopping or full.
func Unreachable(err error) bool {
	if answer, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch code := answer.Code; {
		case strings.HasPrefix(code, "08"), strings.HasPrefix(code, "57P"):
			return true // no connection; the server stops or starts
		case code == "53300", code == "25006", code == "40003":
			return true // too many connections; the primary became read-only; it does not know what became of a commit
		}
		return false
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || pgconn.SafeToRetry(err)
}

// Unsettled reports whether a write that failed with err may have been done all the same, or was never begun: the
// server did not say what became of it. A server that cannot be reached at all is not asked again so soon.
func Unsettled(err error) bool {
	if answer, ok := errors.AsType[*pgconn.PgError](err); ok {
		return strings.HasPrefix(answer.Code, "08") || strings.HasPrefix(answer.Code, "57P0") || answer.Code == "40003"
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return false
	}
	return err != nil && !None(err)
}
