// Package app is one docket, wired: pools, store, cache, accounts and pages around one form.
package app

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"docket/internal/account"
	"docket/internal/broadcast"
	"docket/internal/cache"
	"docket/internal/claim"
	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/formarchive"
	"docket/internal/metrics"
	"docket/internal/postgres"
	"docket/internal/reopening"
	"docket/internal/report"
	"docket/internal/store"
	"docket/internal/ticket"
	"docket/web"
)

const cacheSize = 100_000 // users, of each kind of look-up

// One who wrote reads from the primary until every instance knows of it even if none was told: until what was loaded
// before has ended, from a replica as old as it may be, with time to spare. Otherwise this does not compile.
const _ = uint64(web.FreshTime - cache.Life - cache.MaxLag - 3*time.Second)

// Config is what an instance is made of.
type Config struct {
	DatabaseURL string
	DirectURL   string // the primary without a pooler, to hear of changes; empty: DatabaseURL
	ReplicaURL  string // one or more, with commas or spaces between them; empty: the primary answers everything
	Secret      []byte // signs cursors; the same on every instance
	Form        *form.Form
	Blobs       files.Blobs // where the bytes of files lie; nil: no file is kept
	HTTPS       bool        // people reach docket by https
	Rate        int         // requests a second that each API key may make; 0: any number
	Log         *slog.Logger
	Now         func() time.Time // nil: time.Now
}

// Instance is one docket. Several of them on the same databases are one ticket system.
type Instance struct {
	Desk       *cache.Cache
	Claims     *claim.Claims
	Reopenings *reopening.Reopenings
	Accounts   *account.Accounts
	Keys       *account.Keys
	Files      *files.Files
	Forms      *formarchive.Forms
	Web        *web.Server
	Metrics    *metrics.Metrics
	Primary    *pgxpool.Pool
	store      *store.Store
	replicas   []*replica
	sessions   *account.Sessions
	listener   store.Listener
	log        *slog.Logger
}

// Open wires an instance. It connects when the first request needs it to.
func Open(ctx context.Context, c Config) (*Instance, error) {
	primary, err := postgres.Connect(ctx, c.DatabaseURL)
	if err != nil {
		return nil, err
	}
	i := &Instance{Primary: primary, Metrics: metrics.New(), log: c.Log}
	if err := i.follow(ctx, c); err != nil {
		i.Close()
		return nil, err
	}
	i.store = store.New(primary, c.Log)
	i.Desk = cache.New(i.store, cacheSize, i.copies()...)
	i.Claims, i.Reopenings = claim.New(primary), reopening.New(primary, i.store.Publish)
	i.Accounts, i.Keys = account.NewAccounts(primary), account.NewKeys(primary).OrReplica(i.nearest)
	i.sessions = account.NewSessions(primary, c.HTTPS)
	i.Files = files.New(primary, c.Blobs, c.Log, files.Told{Upload: i.Metrics.Uploaded, Storage: i.Metrics.StorageFailed})
	i.Forms = formarchive.New(primary, i.nearest, c.Log)
	hub := broadcast.NewHub()
	i.listener = store.Listener{
		URL: cmp.Or(c.DirectURL, c.DatabaseURL), Log: c.Log,
		Change:    func(change ticket.Change) { i.Desk.Forget(change); hub.Wake() },
		Reset:     func() { i.Desk.Reset(); hub.Wake() },
		Connected: i.Metrics.Listening,
	}
	i.measure()
	for _, rule := range c.Form.Rules {
		i.Metrics.Rule(rule.Name)
	}
	i.Web = web.New(web.Config{
		Desk: i.Metrics.Around(i.Desk), Claims: i.Claims, Reopenings: i.Reopenings, Metrics: i.Metrics, Form: c.Form, Forms: i.Forms, Files: i.Files, Reports: report.New(primary, i.reportPools), Accounts: i.Accounts, Sessions: i.sessions, Keys: i.Keys, Live: hub,
		Primary: primary.Ping, Secret: c.Secret, HTTPS: c.HTTPS, Rate: c.Rate, Log: c.Log, Now: c.now(),
	})
	return i, nil
}

func (c Config) now() func() time.Time {
	if c.Now != nil {
		return c.Now
	}
	return time.Now
}

// Run does what goes on beside the requests until ctx ends: it hears of the writes of other instances, and watches how
// far the replicas are.
func (i *Instance) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return i.listener.Run(ctx) })
	g.Go(func() error { return i.sessions.Sweep(ctx) })
	g.Go(func() error { return i.keepForm(ctx) })
	g.Go(func() error { return i.Files.Sweep(ctx) })
	g.Go(func() error { return i.Metrics.Watch(ctx, i.Desk) })
	for _, r := range i.replicas {
		g.Go(func() error { return r.gate.Run(ctx) })
	}
	return g.Wait()
}

// keepForm keeps the form before anybody submits under it. If the primary is away, the first submission does it.
func (i *Instance) keepForm(ctx context.Context) error {
	if err := i.Forms.Keep(ctx, i.Web.Form); err != nil && ctx.Err() == nil {
		i.log.Warn("the form is not kept yet; the first submission tries again", "error", err)
	}
	return nil
}

// Close lets go of the databases, when the other instances have been told of what was written here.
func (i *Instance) Close() {
	if i.store != nil {
		i.store.Finish()
	}
	i.Primary.Close()
	for _, r := range i.replicas {
		r.pool.Close()
	}
}
