// Package web is the route table and what surrounds each request: its id, its headers, its log line, who sent it, and what
// becomes of an error.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"docket/internal/account"
	"docket/internal/archive"
	"docket/internal/audit"
	"docket/internal/broadcast"
	"docket/internal/claim"
	"docket/internal/devform"
	"docket/internal/erasure"
	"docket/internal/feed"
	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/formarchive"
	"docket/internal/mail"
	"docket/internal/metrics"
	"docket/internal/openid"
	"docket/internal/opinion"
	"docket/internal/reopening"
	"docket/internal/report"
	"docket/internal/rollup"
	"docket/internal/savedview"
	"docket/internal/search"
	"docket/internal/secondlook"
	"docket/internal/submissionlink"
	"docket/internal/ticket"
	"docket/internal/webhook"
	"docket/internal/workload"
	"docket/views"
	"docket/web/api"
	"docket/web/attachment"
	"docket/web/intake"
	"docket/web/listing"
	"docket/web/pages"
)

// Config is what the pages and the JSON interface are made of.
type Config struct {
	FormFile       *devform.File                       // of docket dev; nil: the form never changes
	Indexed        func(context.Context) (bool, error) // reports whether all tickets are found by what the form says now
	Desk           ticket.Desk
	Claims         *claim.Claims
	Opinions       *opinion.Opinions
	Looks          *secondlook.Looks
	Webhooks       *webhook.Webhooks
	Reopenings     *reopening.Reopenings
	Erasures       *erasure.Erasures
	Archive        *archive.Archive
	Form           *form.Form
	Forms          *formarchive.Archive // earlier texts of the form
	Files          *files.Files
	Reports        *report.Reports
	Rollups        *rollup.Rollups
	Feed           *feed.Feed
	Audit          *audit.Trail
	Workload       *workload.Workload
	Views          *savedview.Views
	Accounts       *account.Accounts
	Sessions       *account.Sessions
	Devices        *account.Devices
	Provider       *openid.Provider // nil: people sign in with a password alone
	Mail           *mail.Outbox     // nil: no e-mail is sent
	Keys           *account.Keys
	Links          *submissionlink.Links
	Live           *broadcast.Hub
	Metrics        *metrics.Metrics            // nil: not exported
	Primary        func(context.Context) error // nil error: the primary can be written to
	Secret         []byte                      // signs cursors; the same on every instance
	BaseURL        string                      // the address at which people reach docket; empty: the one they ask for
	HTTPS          bool                        // people reach docket by https
	Cookies        account.Cookies
	TrustedProxies []netip.Prefix // whose X-Forwarded-For and Forwarded are believed
	Rate           int            // requests a second that each API key may make; 0: any number
	UndoTime       time.Duration  // how long an agent can undo a decision; 0: not at all
	Log            *slog.Logger
	Now            func() time.Time
}

// Server answers HTTP requests.
type Server struct {
	Config
	handler  http.Handler
	patterns []string // of all routes
	pages    *pages.Pages
	api      *api.API
	intake   *intake.Intake
	rates    *rateLimiter
	draining atomic.Bool
	ordinary workLimit
	urgent   workLimit
	start    time.Time
	probed   atomic.Int64 // when a probe was answered last: nanoseconds after start; 0: never
	stop     sync.Once
	stopping chan struct{} // closed when event streams are to end
}

// New is a server of one ticket system.
func New(c Config) *Server {
	if c.Metrics == nil {
		c.Metrics = metrics.New()
	}
	s := &Server{Config: c, rates: newRateLimiter(c.Rate), ordinary: newWorkLimit(), urgent: newWorkLimit(), stopping: make(chan struct{}), start: time.Now()}
	lists := &listing.Lists{Form: c.Form, Secret: c.Secret, Now: c.Now}
	s.intake = &intake.Intake{Desk: c.Desk, Form: c.Form, Forms: c.Forms, Files: c.Files, Metrics: c.Metrics, Identifier: search.NewIdentifier(c.Secret), Opinions: c.Opinions, Attributes: c.Accounts.Attributes, Staff: c.Accounts.Staff, Log: c.Log, Now: c.Now}
	attachments := &attachment.Attachments{Files: c.Files, Log: c.Log}
	s.pages = pages.New(pages.Config{
		FormFile: c.FormFile, Indexed: c.Indexed, Webhooks: c.Webhooks, Links: c.Links,
		Document: func() views.APIDocument { return s.api.Page() },
		Desk:     c.Desk, Claims: c.Claims, Opinions: c.Opinions, Looks: c.Looks, Reopenings: c.Reopenings, Erasures: c.Erasures, Archive: c.Archive,
		Reports: c.Reports, Rollups: c.Rollups, Audit: c.Audit, Workload: c.Workload, Views: c.Views, Form: c.Form, Forms: c.Forms, Files: c.Files,
		Accounts: c.Accounts, Keys: c.Keys, BaseURL: c.BaseURL, Sessions: c.Sessions, Devices: c.Devices, Mail: c.Mail, Live: c.Live,
		Provider: c.Provider, Lists: lists, Intake: s.intake, Attachments: attachments, Cookies: c.Cookies, TrustedProxies: c.TrustedProxies, UndoTime: c.UndoTime, Stopping: s.stopping, Log: c.Log, Now: c.Now,
	})
	s.api = api.New(api.Config{
		Webhooks: c.Webhooks,
		Desk:     c.Desk, Opinions: c.Opinions, Audit: c.Audit, Form: c.Form, Files: c.Files, Lists: lists, Intake: s.intake, Attachments: attachments, Feed: c.Feed, Live: c.Live, Stopping: s.stopping, Links: c.Links, BaseURL: c.BaseURL,
		CSP: jsonCSP, Log: c.Log, Now: c.Now,
	})
	table := s.routes()
	s.patterns = table.patterns
	s.handler = s.wrap(table.ServeMux)
	return s
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Drain makes /readyz answer 503, so that a load balancer sends no new requests, and closes each connection after its next answer.
func (s *Server) Drain() { s.draining.Store(true) }

// EndStreams ends the event streams, which have no deadline.
func (s *Server) EndStreams() { s.stop.Do(func() { close(s.stopping) }) }
