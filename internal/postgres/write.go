package postgres

import (
	"cmp"
	"context"
	"time"

	"docket/internal/ticket"
)

const (
	writeTime  = 3 * time.Second // bounds a write that must not end because a browser disconnected
	writeTrips = 8               // and as many round trips

	maxWriteTrips = 4 * time.Second // so that a request is answered before its own limit
)

// DetachWrite returns a context in which a write to a pool finishes although its caller is canceled. It ends after three
// seconds, later if the server is far away.
func DetachWrite(ctx context.Context, pool *Pool) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), writeTime+min(Trips(pool, writeTrips), maxWriteTrips))
}

// RetryIfOutcomeUnknown repeats a guarded write while its outcome is unknown: the answer of a server that stops, or of a
// network that fails, may be lost after the commit. Of an attempt and its repetition the later one, whichever that is,
// changes nothing, having waited for the lock of the earlier; and then the caller reads what the earlier one did. An outcome
// that stays unknown is ticket.ErrUnknown; a write that was never sent is not.
func RetryIfOutcomeUnknown[T any](ctx context.Context, write func() (T, error)) (written T, err error) {
	var maybe error // of an earlier attempt that may have been committed
	for range maxAttempts {
		written, err = write()
		if err == nil || IsNoRows(err) {
			return written, err
		}
		if MaybeCommitted(err) {
			maybe = unknownError{err}
		}
		if !OutcomeUnknown(err) || ctx.Err() != nil {
			break
		}
	}
	return written, cmp.Or(maybe, err)
}

// WrapUnknown is WrapError for a write that was done, but maybe not everywhere where it has to be.
func WrapUnknown(doing string, err error) error { return WrapError(doing, unknownError{err}) }

// unknownError is the error of a write that is also ticket.ErrUnknown.
type unknownError struct{ error }

func (u unknownError) Unwrap() []error { return []error{ticket.ErrUnknown, u.error} }
