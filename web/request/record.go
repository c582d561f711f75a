// Package request is what pages and the JSON interface share about one HTTP request: what its log line says, who sent it,
// and how its body and its path are read.
package request

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/web/problem"
)

// Timeout is how long any answer may take.
const Timeout = 8 * time.Second

// Record is what the log line of a request says. It is the context of the request, too.
type Record struct {
	context.Context
	ID     string     // names the request in the log, in its answer and in a problem
	Trace  string     // the traceparent; empty: none
	Client netip.Addr // the address of whoever sent it; not valid: unknown
	Actor  string     // who sent it; empty: unknown
	Ticket string     // the id of its ticket; empty: none
	File   string     // the id of its file; empty: none
	Code   string     // the code of its problem; empty: none
	Cause  error      // of an internal error; nil: none
}

type recordKey struct{}

// Value implements context.Context.
func (q *Record) Value(key any) any {
	if key == (recordKey{}) {
		return q
	}
	return q.Context.Value(key)
}

// RecordOf returns the record of a request; outside of a request it is a new one, which is not logged.
func RecordOf(ctx context.Context) *Record {
	if q, ok := ctx.Value(recordKey{}).(*Record); ok {
		return q
	}
	return &Record{}
}

type sessionKey struct{}

// WithSession adds the session of a request to a context, and notes its owner for the log.
func WithSession(ctx context.Context, s account.Session) context.Context {
	if s.Owner.ID != uuid.Nil {
		RecordOf(ctx).Actor = s.Owner.ID.String()
	}
	return context.WithValue(ctx, sessionKey{}, s)
}

// Session is the session of a request, complete or not; the zero Session when there is none.
func Session(r *http.Request) account.Session {
	s, _ := r.Context().Value(sessionKey{}).(account.Session)
	return s
}

// Account is the signed-in account, or the zero Account, also while the session is not complete.
func Account(r *http.Request) account.Account { return Session(r).Account() }

// CheckAccount returns problem.SignedInAs when a page was made for an account that is not the one signed in. named is the account
// of the page; empty: it names none. sent is what came from the page.
func CheckAccount(r *http.Request, named string, sent map[string][]string) error {
	a := Session(r).Owner
	if named == "" || a.ID == uuid.Nil || named == a.ID.String() {
		return nil
	}
	return problem.SignedInAs{Email: a.Email, Typed: sent}
}

// NoCache reports whether the request has Cache-Control: no-cache, which reads from the primary.
func NoCache(r *http.Request) bool {
	given := r.Header["Cache-Control"] // its canonical name, without a call: this runs twice for each request
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
