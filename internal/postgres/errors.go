package postgres

import (
	"errors"
	"io"
	"net"
	"slices"
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

func (f fault) Error() string { return f.doing + ": " + LogText(f.err) }

func (f fault) Unwrap() []error {
	switch {
	case overtaxed(f.err):
		return []error{ticket.ErrOverloaded, f.err}
	case IsUnreachable(f.err):
		return []error{ticket.ErrUnavailable, f.err}
	}
	return []error{f.err}
}

// WrapError wraps an error of the database with what was tried, in words that are safe to log. A server that cannot be
// talked to, or that is starting, stopping or full, is also ticket.ErrUnavailable; one that gave a statement up because
// it took too long or stood in another's way is ticket.ErrOverloaded, as nothing was done.
func WrapError(doing string, err error) error { return fault{doing, err} }

// IsNoRows reports whether err says that no row was found.
func IsNoRows(err error) bool { return errors.Is(err, pgx.ErrNoRows) }

// LogText is what may be logged of an error: never a database's own words, which hold values of rows.
func LogText(err error) string {
	if answer, ok := errors.AsType[*pgconn.PgError](err); ok {
		return "SQLSTATE " + answer.Code
	}
	return err.Error()
}

func overtaxed(err error) bool {
	answer, ok := errors.AsType[*pgconn.PgError](err)
	return ok && slices.Contains([]string{
		"57014", // statement_timeout
		"55P03", // lock_timeout
		"40P01", // a deadlock
		"40001", // in the way of another, or of what a replica replays
	}, answer.Code)
}

// IsTimeout reports whether a statement was ended because it took longer than it may.
func IsTimeout(err error) bool {
	answer, ok := errors.AsType[*pgconn.PgError](err)
	return ok && answer.Code == "57014"
}

// IsUnreachable reports whether err says that a server cannot be talked to, or is starting, stopping or full.
func IsUnreachable(err error) bool {
	if answer, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch code := answer.Code; {
		case strings.HasPrefix(code, "08"), strings.HasPrefix(code, "57P"):
			return true // no connection; the server stops or starts
		case strings.HasPrefix(code, "53"), strings.HasPrefix(code, "58"):
			return true // no room, no memory, no more connections; the disk fails
		case code == "25006", code == "40003":
			return true // the primary became read-only; nobody knows what became of the statement
		}
		return false
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || errors.Is(err, ticket.ErrUnavailable) {
		return true // the server died in the middle of a word, or did not say one in time
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	return pgconn.SafeToRetry(err)
}

// IsStatementError reports whether a server refused statements for what one of them says or meets, and not for how it fares itself:
// the others may do well without that one.
func IsStatementError(err error) bool {
	answer, ok := errors.AsType[*pgconn.PgError](err)
	return ok && answer.Code != "57014" && !IsUnreachable(err)
}

// OutcomeUnknown reports whether a write that failed with err may have been done all the same, or was never begun: the
// server did not say what became of it. A server that cannot be reached at all is not asked again so soon.
func OutcomeUnknown(err error) bool {
	if answer, ok := errors.AsType[*pgconn.PgError](err); ok {
		return strings.HasPrefix(answer.Code, "08") || strings.HasPrefix(answer.Code, "57P0") || answer.Code == "40003"
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return false
	}
	return err != nil && !IsNoRows(err)
}

// MaybeCommitted reports whether a write that failed with err was sent, so that it may have been done although nobody said so.
func MaybeCommitted(err error) bool {
	unsent := pgconn.SafeToRetry(err) || errors.Is(err, ticket.ErrOverloaded) || errors.Is(err, errSilent) || errors.Is(err, errUndone)
	return OutcomeUnknown(err) && !unsent
}
