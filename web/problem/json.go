package problem

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	"docket/internal/i18n"
)

// explained is an error with a detail or a ticket of its own.
type explained struct {
	error
	Detail string // empty: the usual one
	Ticket any    // the ticket that caused it; nil: none
}

// WithDetail gives an error its own detail.
func WithDetail(err error, detail string) error { return explained{error: err, Detail: detail} }

// WithTicket gives an error the ticket that caused it.
func WithTicket(err error, ticket any) error { return explained{error: err, Ticket: ticket} }

// Unwrap returns the error itself.
func (e explained) Unwrap() error { return e.error }

// Field is what is wrong with one field or parameter.
type Field struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Invalid is input that can be read but not accepted, and why, field by field.
type Invalid []Field

// Error implements error.
func (Invalid) Error() string { return "the input is invalid" }

// Add adds what is wrong with one field.
func (i *Invalid) Add(field, code, message string) {
	*i = append(*i, Field{Field: field, Code: code, Message: message})
}

// Sorted is the problems in the order of their fields; nil when there is none.
func (i Invalid) Sorted() error {
	if len(i) == 0 {
		return nil
	}
	slices.SortStableFunc(i, func(a, b Field) int { return strings.Compare(a.Field, b.Field) })
	return i
}

// WrongParameters are the names in the query of a page that the page does not know, or that are there twice or malformed.
type WrongParameters []string

// Error implements error.
func (WrongParameters) Error() string { return "the query has parameters that the page does not take" }

// document is RFC 9457's problem+json.
type document struct {
	Type      string  `json:"type"`
	Title     string  `json:"title"`
	Status    int     `json:"status"`
	Detail    string  `json:"detail"`
	Code      Code    `json:"code"`
	RequestID string  `json:"request_id"`
	Errors    []Field `json:"errors,omitempty"`
	Ticket    any     `json:"ticket,omitempty"`
}

// WriteJSON answers another system with the problem that err is.
func (p Problem) WriteJSON(w http.ResponseWriter, requestID string, err error) {
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="docket"`)
	}
	around, ok := plainDocuments()[p]
	if !ok {
		around = p.documentAround(err)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_, _ = io.WriteString(w, around.before+requestID+around.after) // a client that has gone needs no answer
}

// aroundID is a document before and after the id of its request.
type aroundID struct{ before, after string }

// plainDocuments are the documents of the problems that say the same of each request: under overload most answers are one of them.
var plainDocuments = sync.OnceValue(func() map[Problem]aroundID {
	all := map[Problem]aroundID{}
	for _, known := range table {
		p := Of(known.err)
		all[p] = p.documentAround(known.err)
		all[p.ForRead()] = p.ForRead().documentAround(known.err)
	}
	return all
})

func (p Problem) documentAround(err error) aroundID {
	const id = "00000000-0000-0000-0000-000000000000"
	words := i18n.Of(i18n.Source)
	fields, _ := errors.AsType[Invalid](err)
	more, _ := errors.AsType[explained](err)
	body, _ := json.Marshal(document{ // strings and numbers always marshal
		Type: "about:blank", Title: p.Title(words), Status: p.Status, Detail: p.Detail(words, err), Code: p.Code,
		RequestID: id, Errors: fields, Ticket: more.Ticket,
	})
	before, after, _ := strings.Cut(string(body), id)
	return aroundID{before, after}
}
