// Package pages is the HTML pages: what customers, agents and admins see and send.
package pages

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/archive"
	"docket/internal/audit"
	"docket/internal/broadcast"
	"docket/internal/claim"
	"docket/internal/devform"
	"docket/internal/erasure"
	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/formarchive"
	"docket/internal/mail"
	"docket/internal/openid"
	"docket/internal/opinion"
	"docket/internal/reopening"
	"docket/internal/report"
	"docket/internal/rollup"
	"docket/internal/savedview"
	"docket/internal/secondlook"
	"docket/internal/submissionlink"
	"docket/internal/ticket"
	"docket/internal/webhook"
	"docket/internal/workload"
	"docket/views"
	"docket/web/attachment"
	"docket/web/intake"
	"docket/web/listing"
)

// Config is what the pages are made of.
type Config struct {
	FormFile       *devform.File                       // of docket dev; nil: the form never changes
	Indexed        func(context.Context) (bool, error) // reports whether all tickets are found by what the form says now
	Desk           ticket.Desk
	Claims         *claim.Claims
	Opinions       *opinion.Opinions
	Looks          *secondlook.Looks
	Reopenings     *reopening.Reopenings
	Webhooks       *webhook.Webhooks
	Erasures       *erasure.Erasures
	Archive        *archive.Archive
	Reports        *report.Reports
	Rollups        *rollup.Rollups
	Audit          *audit.Trail
	Workload       *workload.Workload
	Views          *savedview.Views
	Form           *form.Form
	Forms          *formarchive.Archive // those of tickets that were submitted under another
	Files          *files.Files
	Accounts       *account.Accounts
	Keys           *account.Keys
	Links          *submissionlink.Links
	BaseURL        string // the address at which people reach docket; empty: the one they ask for
	Sessions       *account.Sessions
	Devices        *account.Devices
	Provider       *openid.Provider // nil: people sign in with a password alone
	Mail           *mail.Outbox     // nil: no e-mail is sent
	Live           *broadcast.Hub
	Document       func() views.APIDocument // of the JSON interface
	Lists          *listing.Lists
	Intake         *intake.Intake
	Attachments    *attachment.Attachments
	Cookies        account.Cookies
	TrustedProxies []netip.Prefix  // whose X-Forwarded-For and Forwarded are believed
	UndoTime       time.Duration   // how long an agent can undo a decision; 0: not at all
	Stopping       <-chan struct{} // closed when event streams are to end
	Log            *slog.Logger
	Now            func() time.Time
}

// Pages are the handlers of the HTML pages.
type Pages struct {
	Config
	customerLanguages languages // those of the form
	staffLanguages    languages
	remembered        *listMemory
	everybody         uuid.UUID // of no account: lists are rendered for it, and then for agents
	buffers           sync.Pool // of *bytes.Buffer, which pages are rendered to
}

// Handler answers a request or says why not; the error becomes a problem.
type Handler = func(w http.ResponseWriter, r *http.Request) error

// New is the pages of one ticket system.
func New(c Config) *Pages {
	return &Pages{Config: c, customerLanguages: newLanguages(c.Form.Languages), staffLanguages: newLanguages(staffLanguages()), remembered: &listMemory{notified: c.Live.Changes}, everybody: uuid.New()}
}
