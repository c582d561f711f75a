// Package api is the JSON interface for other systems, and the OpenAPI document that describes it.
package api

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/broadcast"
	"docket/internal/feed"
	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/i18n"
	"docket/internal/opinion"
	"docket/internal/submissionlink"
	"docket/internal/ticket"
	"docket/internal/webhook"
	"docket/views"
	"docket/web/attachment"
	"docket/web/intake"
	"docket/web/listing"
	"docket/web/problem"
)

// Config is what the JSON interface is made of.
type Config struct {
	Desk        ticket.Desk
	Opinions    *opinion.Opinions
	Webhooks    *webhook.Webhooks
	Audit       *audit.Trail
	Form        *form.Form
	Files       *files.Files
	Lists       *listing.Lists
	Intake      *intake.Intake
	Attachments *attachment.Attachments
	Feed        *feed.Feed
	Live        *broadcast.Hub
	Stopping    <-chan struct{} // closed when calls that wait are to end
	Links       *submissionlink.Links
	BaseURL     string // the address at which people reach docket; empty: the one they ask for
	CSP         string // the Content-Security-Policy of every answer that is no file
	Log         *slog.Logger
	Now         func() time.Time
}

// Call is a handler of the JSON interface; by is the key of the request.
type Call = func(w http.ResponseWriter, r *http.Request, by account.Key) error

// API is the calls of the JSON interface.
type API struct {
	Config
	document func() document // it takes longer to make than the rest of the start
	page     func() views.APIDocument
}

// New is the JSON interface of one ticket system.
func New(c Config) *API {
	describe := sync.OnceValue(func() *openapi3.T { return describeInterface(c.Form.In(i18n.Source), c.CSP) })
	return &API{
		Config:   c,
		document: sync.OnceValue(func() document { return encodeDocument(describe()) }),
		page:     sync.OnceValue(func() views.APIDocument { return newPage(describe()) }),
	}
}

var jsonType = []string{"application/json"} // shared by all answers

// parseParameters reads the query. A parameter that is unknown, empty or there twice is refused by name: a typing error
// must not be silently ignored.
func parseParameters(r *http.Request, known ...string) (url.Values, error) {
	if r.URL.RawQuery == "" {
		return nil, nil
	}
	given, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, problem.WithDetail(problem.ErrMalformed, "The query of the address cannot be read.")
	}
	var wrong problem.Invalid
	for name, values := range given {
		switch {
		case !slices.Contains(known, name):
			wrong.Add(name, problem.FieldUnknownParameter, "This call has no such parameter.")
		case len(values) > 1:
			wrong.Add(name, form.CodeGivenTwice, "This parameter may stand there once.")
		case values[0] == "":
			wrong.Add(name, form.CodeRequired, "This parameter has no value. Leave it out.")
		}
	}
	return given, wrong.Sorted()
}

// WriteJSON answers with a status and a body as JSON.
func WriteJSON(w http.ResponseWriter, status int, body any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	w.Header()["Content-Type"] = jsonType
	w.WriteHeader(status)
	_, _ = w.Write(b) // a client that has gone needs no answer
	return nil
}
