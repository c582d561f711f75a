package postgres

import (
	"cmp"
	"errors"
	"io"
	"net"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"docket/internal/ticket"
)

// The SQLSTATEs of statements that a server ended because it is busy.
const (
	queryCanceled        = "57014" // by statement_timeout
	lockNotAvailable     = "55P03" // in lock_timeout
	deadlockDetected     = "40P01"
	serializationFailure = "40001" // also a conflict with what a replica replays
)

// Other SQLSTATEs.
const (
	insufficientPrivilege      = "42501"
	readOnlyTransaction        = "25006" // the primary became read-only
	statementCompletionUnknown = "40003"
	internalError              = "XX000"
)

// wrappedError is an error of the database with what was tried. Its text is safe to log.
type wrappedError struct {
	doing string
	err   error
}

func (w wrappedError) Error() string { return w.doing + ": " + LogText(w.err) }

func (w wrappedError) Unwrap() []error {
	switch {
	case IsOverloaded(w.err):
		return []error{ticket.ErrOverloaded, w.err}
	case IsUnreachable(w.err):
		return []error{ticket.ErrUnavailable, w.err}
	}
	return []error{w.err}
}

// WrapError wraps an error of the database with what was tried, in a text that is safe to log. A server that cannot be
// reached, or that is starting, stopping or full, is also ticket.ErrUnavailable; a statement that it ended because it took
// too long or conflicted with another is ticket.ErrOverloaded, as nothing was done. No error stays none.
func WrapError(doing string, err error) error {
	if err == nil {
		return nil
	}
	return wrappedError{doing, err}
}

// IsNoRows reports whether err says that no row was found.
func IsNoRows(err error) bool { return errors.Is(err, pgx.ErrNoRows) }

// LogText is the text of an error that may be logged: of an error of the server only its SQLSTATE, as its message has
// values of rows.
func LogText(err error) string {
	if code := sqlState(err); code != "" {
		return "SQLSTATE " + code
	}
	return err.Error()
}

// sqlState is the code of an error that a server returned; empty for any other.
func sqlState(err error) string {
	if serverErr, ok := errors.AsType[*pgconn.PgError](err); ok {
		return cmp.Or(serverErr.Code, internalError)
	}
	return ""
}

// IsViolation reports whether a server refused a statement because of the constraint with this name.
func IsViolation(err error, constraint string) bool {
	serverErr, ok := errors.AsType[*pgconn.PgError](err)
	return ok && serverErr.ConstraintName == constraint
}

// IsOverloaded reports whether a server ended a statement that took too long, waited too long for a lock or conflicted with
// another one.
func IsOverloaded(err error) bool {
	return slices.Contains([]string{queryCanceled, lockNotAvailable, deadlockDetected, serializationFailure}, sqlState(err))
}

// IsTimeout reports whether a statement was ended because it took longer than it may.
func IsTimeout(err error) bool { return sqlState(err) == queryCanceled }

// IsUnreachable reports whether err says that a server cannot be reached, or is starting, stopping or full.
func IsUnreachable(err error) bool {
	if code := sqlState(err); code != "" {
		return isUnavailableState(code)
	}
	for _, broken := range []error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, ticket.ErrUnavailable} {
		if errors.Is(err, broken) { // the connection ended in the middle of an answer, or was not made in time
			return true
		}
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	return pgconn.SafeToRetry(err)
}

func isUnavailableState(code string) bool {
	for _, class := range []string{
		"08",  // no connection
		"53",  // no memory, no disk, no more connections
		"57P", // the server starts or stops
		"58",  // the operating system fails
	} {
		if strings.HasPrefix(code, class) {
			return true
		}
	}
	return code == readOnlyTransaction || code == statementCompletionUnknown
}

// IsStatementError reports whether a server refused statements because of what one of them says or meets, and not because
// of its own state: the others may succeed without that one.
func IsStatementError(err error) bool {
	code := sqlState(err)
	return code != "" && code != queryCanceled && !IsUnreachable(err)
}

// OutcomeUnknown reports whether a write that failed with err may still have been done, or was never begun: the
// server did not say what became of it. A server to which no connection can be made, or that is
// silent, overloaded or a standby, is not asked again so soon.
func OutcomeUnknown(err error) bool {
	if code := sqlState(err); code != "" {
		return strings.HasPrefix(code, "08") || strings.HasPrefix(code, "57P0") || code == statementCompletionUnknown
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok || isRefused(err) || errors.Is(err, ticket.ErrOverloaded) || errors.Is(err, errNoConnect) {
		return false
	}
	return err != nil && !IsNoRows(err)
}

// MaybeCommitted reports whether a write that failed with err was sent, so that it may have been committed.
func MaybeCommitted(err error) bool {
	return OutcomeUnknown(err) && !isUnsent(err) && !errors.Is(err, errNotCommitted)
}

// isUnsent reports whether an error came before anything was sent. Of a connection that is closed pgx says so, too, when it
// closed the connection itself while it waited for the answer.
func isUnsent(err error) bool {
	return pgconn.SafeToRetry(err) && !errors.Is(err, pgconn.ErrConnClosed)
}
