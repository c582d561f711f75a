// Package request is what pages and the JSON interface share about one HTTP request: what its log line says, who sent it,
// and how its body and its path are read.
package request

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
)

// Timeout is how long any answer may take.
const Timeout = 8 * time.Second

// Record is what the log line of a request says. It is the context of the request, too.
type Record struct {
	context.Context
	ID     string // names the request in the log, in its answer and in a problem
	Trace  string // the traceparent; empty: none
	Actor  string // who asked; empty: nobody is known
	Ticket string // the ticket that it is about; empty: none
	File   string // the file that it is about; empty: none
	Code   string // the code of its problem; empty: none
	Cause  error  // what was our own fault; nil: nothing
}

type recordKey struct{}

// Value implements context.Context.
func (q *Record) Value(key any) any {
	if key == (recordKey{}) {
		return q
	}
	return q.Context.Value(key)
}

// RecordOf is the record of the request that a context is of. Outside of a request it is one that nobody reads.
func RecordOf(ctx context.Context) *Record {
	if q, ok := ctx.Value(recordKey{}).(*Record); ok {
		return q
	}
	return &Record{}
}

type accountKey struct{}

// WithAccount marks a context with who is signed in, and notes it for the log.
func WithAccount(ctx context.Context, a account.Account) context.Context {
	NoteAccount(ctx, a)
	return context.WithValue(ctx, accountKey{}, a)
}

// NoteAccount notes for the log who is signed in.
func NoteAccount(ctx context.Context, a account.Account) {
	if a.ID != uuid.Nil {
		RecordOf(ctx).Actor = a.ID.String()
	}
}

// Account is who is signed in: the zero Account when nobody is.
func Account(r *http.Request) account.Account {
	a, _ := r.Context().Value(accountKey{}).(account.Account)
	return a
}

// UserID is the user that the signed-in account is.
func UserID(r *http.Request) string { return Account(r).ID.String() }

// NoCache reports whether the request asks for what the primary knows now.
func NoCache(r *http.Request) bool {
	given := r.Header["Cache-Control"] // by the name as it is kept: most requests have none, and this is asked twice of each
	if len(given) == 0 {
		return false
	}
	for directive := range strings.SplitSeq(strings.Join(given, ","), ",") {
		if strings.EqualFold(strings.TrimSpace(directive), "no-cache") {
			return true
		}
	}
	return false
}
