// Package web is everything that knows net/http: the route table, one file for each kind of visitor, one error table.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"docket/internal/account"
	"docket/internal/broadcast"
	"docket/internal/claim"
	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/formarchive"
	"docket/internal/i18n"
	"docket/internal/metrics"
	"docket/internal/reopening"
	"docket/internal/report"
	"docket/internal/ticket"
)

// Config is what the pages and the JSON interface are made of.
type Config struct {
	Desk       ticket.Desk
	Claims     *claim.Claims
	Reopenings *reopening.Reopenings
	Form       *form.Form
	Forms      *formarchive.Forms // those of tickets that were submitted under another
	Files      *files.Files
	Reports    *report.Reports
	Accounts   *account.Accounts
	Sessions   *account.Sessions
	Keys       *account.Keys
	Live       *broadcast.Hub
	Metrics    *metrics.Metrics            // nil: nobody asks for them
	Primary    func(context.Context) error // nil error: the primary can be written to
	Secret     []byte                      // signs cursors; the same on every instance
	HTTPS      bool                        // people reach docket by https
	Rate       int                         // requests a second that each API key may make; 0: any number
	Log        *slog.Logger
	Now        func() time.Time
}

// Server answers HTTP requests.
type Server struct {
	Config
	handler  http.Handler
	rates    *rates
	document document      // describes the JSON interface
	offer    i18n.Offer    // what customers can read
	spoken   []*i18n.Words // the same
	drains   atomic.Bool
	end      sync.Once
	ended    chan struct{} // closed when event streams are to end
}

// New is a server of one ticket system.
func New(c Config) *Server {
	if c.Metrics == nil {
		c.Metrics = metrics.New()
	}
	s := &Server{
		Config: c, rates: newRates(c.Rate), document: newDocument(c.Form.In(i18n.Source)),
		offer: i18n.NewOffer(c.Form.Languages), ended: make(chan struct{}),
	}
	for _, language := range c.Form.Languages {
		s.spoken = append(s.spoken, i18n.Of(language))
	}
	s.handler = s.around(s.routes())
	return s
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Drain makes /readyz answer 503, so that no new visitor is sent here, and ends every connection with its next answer.
func (s *Server) Drain() { s.drains.Store(true) }

// EndStreams ends the event streams, which would go on for ever.
func (s *Server) EndStreams() { s.end.Do(func() { close(s.ended) }) }
