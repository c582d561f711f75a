// Package app wires one instance of docket: pools, store, cache, accounts and pages around one form.
package app

import (
	"cmp"
	"context"
	"log/slog"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"docket/internal/account"
	"docket/internal/archive"
	"docket/internal/audit"
	"docket/internal/broadcast"
	"docket/internal/cache"
	"docket/internal/claim"
	"docket/internal/devform"
	"docket/internal/erasure"
	"docket/internal/feed"
	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/formarchive"
	"docket/internal/mac"
	"docket/internal/mail"
	"docket/internal/metrics"
	"docket/internal/openid"
	"docket/internal/opinion"
	"docket/internal/postgres"
	"docket/internal/reopening"
	"docket/internal/report"
	"docket/internal/rollup"
	"docket/internal/savedview"
	"docket/internal/search"
	"docket/internal/secondlook"
	"docket/internal/sleep"
	"docket/internal/store"
	"docket/internal/submissionlink"
	"docket/internal/ticket"
	"docket/internal/webhook"
	"docket/internal/workload"
	"docket/web"
)

const cacheSize = 100_000 // users, of each kind of look-up

// After a write its user reads from the primary for web.FreshTime. That must be longer than any instance can serve an
// older answer without a notification: the life of a cached answer, loaded from a replica of the highest allowed lag,
// and 3 seconds to spare. Otherwise this does not compile.
const _ = uint64(web.FreshTime - cache.Life - cache.MaxLag - 3*time.Second)

// Config configures an instance.
type Config struct {
	FormFile       *devform.File // of docket dev, which puts another instance in the place of this one; nil: the form never changes
	DatabaseURL    string
	DirectURL      string // the primary without a pooler, to listen for changes; empty: DatabaseURL
	ReplicaURL     string // one or more, with commas or spaces between them; empty: the primary answers everything
	Secret         []byte // signs cursors and names cookies; the same on every instance
	Form           *form.Form
	Blobs          files.Blobs    // where the bytes of files are stored; nil: every upload is refused
	BaseURL        string         // the address at which people reach docket; with https, cookies are secure; empty: any
	TrustedProxies []netip.Prefix // whose X-Forwarded-For and Forwarded are believed
	Mail           Mail           // how e-mail is sent
	Webhooks       Webhooks       // where events may be sent
	Rate           int            // requests per second allowed for each API key; 0: no limit
	StaffFactor    bool           // agents and admins must have a second factor
	Provider       *openid.Config // where people sign in beside a password, or in place of it; nil: nowhere else
	Local          account.LocalSignIn
	Undo           *time.Duration // how long an agent can undo a decision; nil: as the form says
	Log            *slog.Logger
	Now            func() time.Time // nil: the clock of the primary
}

// Instance is one running docket. Several on the same databases are one ticket system.
type Instance struct {
	Desk       *cache.Cache
	Claims     *claim.Claims
	Reopenings *reopening.Reopenings
	Accounts   *account.Accounts
	Keys       *account.Keys
	Links      *submissionlink.Links
	Files      *files.Files
	Erasures   *erasure.Erasures
	Archive    *archive.Archive
	Forms      *formarchive.Archive
	Audit      *audit.Trail
	Rollups    *rollup.Rollups
	Looks      *secondlook.Looks
	Feed       *feed.Feed
	Webhooks   *webhook.Webhooks
	Web        *web.Server
	Metrics    *metrics.Metrics
	Primary    *postgres.Pool
	store      *store.Store
	clock      *cache.Clock // of the primary
	replicas   []*replica
	sessions   *account.Sessions
	provider   *openid.Provider // nil: people sign in with a password alone
	mail       *mail.Outbox     // nil: no e-mail is sent
	listener   store.Listener
	macKey     mac.Key
	identifier *search.Identifier
	log        *slog.Logger
}

// Open wires an instance. It connects to the databases with the first request.
func Open(ctx context.Context, c Config) (*Instance, error) {
	primary, err := postgres.ConnectPrimary(ctx, c.DatabaseURL)
	if err != nil {
		return nil, err
	}
	primary.FindDistribution()
	i := &Instance{Primary: primary, Metrics: metrics.New(), log: c.Log}
	if err := i.connectReplicas(ctx, c); err != nil {
		i.Close()
		return nil, err
	}
	i.store = store.New(primary, c.Log).WithTerms(termsOf(c.Form))
	i.store.WithFingerprint(i.fingerprint)
	i.clock = cache.NewClock(i.store.Time, i.replicaClocks()...)
	now := i.clock.Time
	if c.Now != nil {
		now = c.Now
	}
	i.Desk = cache.New(i.store, cacheSize, i.cacheReplicas()...).WithTrip(tripOf(primary)).WithReadUnless(readUnless(primary)).WithClock(i.clock.Now)
	i.Claims, i.Reopenings = claim.New(primary).WithPublish(i.store.PublishWork, i.store.PublishLook).WithTeams(teamsOf(c.Form)), reopening.New(primary, i.store.Publish)
	i.Accounts = account.NewAccounts(primary, account.Config{SessionKey: c.Secret, Titles: c.titles(), Local: c.Local})
	i.macKey, i.identifier = mac.NewKey(c.Secret), search.NewIdentifier(c.Secret)
	i.Keys = account.NewKeys(primary).WithSessionKey(c.Secret).WithReplicas(i.replicaPools, i.provenPools)
	i.Links = submissionlink.New(primary, c.Secret)
	cookies := account.NewCookies(c.https(), c.Secret)
	i.sessions = account.NewSessions(primary, cookies).WithSessionKey(c.Secret).WithStaffFactor(c.StaffFactor)
	devices := account.NewDevices(cookies, c.Secret)
	i.Files = files.New(primary, c.Blobs, c.Log, files.Hooks{Upload: i.Metrics.CountUpload, Storage: i.Metrics.CountStorageError})
	i.Erasures = erasure.New(primary, i.Desk.Forget, i.Files.DeleteErased).WithKey(i.macKey)
	i.Archive = archive.New(primary, i.Metrics, c.Log)
	i.Forms = formarchive.New(primary, i.replicaPools, c.Log).WithOptionsOf(c.Form)
	i.Rollups, i.Looks = rollup.New(primary, i.reportPools).WithLog(c.Log), secondlook.New(primary, c.Form.SecondLook)
	i.Feed = feed.New(primary).WithReplica(i.readReplica)
	i.Audit = audit.New(primary, c.Secret, c.Log, audit.Hooks{Recorded: i.countAudit, Burst: i.reportBurst})
	i.Webhooks = i.openWebhooks(c)
	if i.mail, err = i.openMail(c); err != nil {
		i.Close()
		return nil, err
	}
	if c.Provider != nil {
		if i.provider, err = openid.New(*c.Provider, c.BaseURL, c.Secret, c.Log, now); err != nil {
			i.Close()
			return nil, err
		}
	}
	hub := broadcast.NewHub()
	i.listener = i.newListener(c, hub)
	i.registerMetrics(c.Form.Rules)
	i.Web = web.New(web.Config{
		FormFile: c.FormFile, Webhooks: i.Webhooks,
		Desk: i.Metrics.InstrumentDesk(i.Desk), Claims: i.Claims, Opinions: opinion.New(primary), Looks: i.Looks, Reopenings: i.Reopenings,
		Erasures: i.Erasures, Metrics: i.Metrics, Form: c.Form, Forms: i.Forms, Files: i.Files, Reports: report.New(primary, i.reportPools),
		Rollups: i.Rollups, Feed: i.Feed, Audit: i.Audit,
		Workload: workload.New(primary, c.Form.SLA, c.Form.SecondLook > 0).WithSteps(len(c.Form.Steps) > 0).WithClock(now), Views: savedview.New(primary),
		Accounts: i.Accounts, Sessions: i.sessions, Devices: devices, Mail: i.mail, Keys: i.Keys, Live: hub, Links: i.Links, Indexed: i.indexed, Archive: i.Archive,
		Primary:  func(ctx context.Context) error { return postgres.CheckWritable(ctx, primary) },
		Provider: i.provider, Secret: c.Secret, BaseURL: c.BaseURL, HTTPS: c.https(), Cookies: cookies, TrustedProxies: c.TrustedProxies, Rate: c.Rate, UndoTime: c.undoTime(), Log: c.Log, Now: now,
	})
	i.registerOptions()
	return i, nil
}

// newListener is what hears of changes that other instances publish: the cache forgets them, and browsers and readers of the feed wake.
func (i *Instance) newListener(c Config, hub *broadcast.Hub) store.Listener {
	return store.Listener{
		URL: cmp.Or(c.DirectURL, c.DatabaseURL), Log: c.Log,
		Change:    func(change ticket.Change) { i.Desk.Forget(change); hub.WakeFor(change.UserID); i.Feed.Wake() },
		Work:      hub.WakeFor,
		Look:      hub.WakeOnly,
		Reset:     func() { i.Desk.Reset(); hub.Wake(); i.Feed.Wake() },
		Connected: i.Metrics.SetListening,
	}
}

// teamsOf are the queues of a form that belong to a team, and to which.
func teamsOf(f *form.Form) map[string]string {
	teams := map[string]string{}
	for _, queue := range f.Queues {
		if queue.Team != "" {
			teams[queue.Name] = queue.Team
		}
	}
	return teams
}

func (c Config) https() bool { return strings.HasPrefix(c.BaseURL, "https://") }

// titles are the titles of the form, in each of its languages.
func (c Config) titles() (titles []string) {
	for _, language := range c.Form.Languages {
		titles = append(titles, c.Form.In(language).Title)
	}
	return append(titles, c.Form.Title)
}

// Run does the background work until ctx ends: it listens for the changes of other instances, checks how far the
// replicas are, and removes what has expired.
func (i *Instance) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return i.listener.Run(ctx) })
	g.Go(func() error { return i.sessions.Sweep(ctx) })
	g.Go(func() error { return i.Accounts.Sweep(ctx) })
	g.Go(func() error { return mail.Sweep(ctx, i.Primary) })
	if i.provider != nil {
		g.Go(func() error { return i.provider.Run(ctx) })
	}
	if i.mail != nil {
		g.Go(func() error { return i.mail.Run(ctx) })
	}
	g.Go(func() error { return i.archiveForm(ctx) })
	g.Go(func() error { return i.reportPooler(ctx, "DATABASE_URL", i.Primary) })
	g.Go(func() error { return i.reportMACState(ctx) })
	g.Go(func() error { return i.reportSearch(ctx) })
	g.Go(func() error { return i.Files.Sweep(ctx, i.ages()) })
	g.Go(func() error { return i.Audit.Run(ctx) })
	g.Go(func() error { return i.Keys.Run(ctx) })
	g.Go(func() error { return i.Links.Sweep(ctx, i.log) })
	g.Go(func() error { return i.Audit.Sweep(ctx) })
	g.Go(func() error { return i.Audit.WatchBursts(ctx) })
	g.Go(func() error { return i.Erasures.Sweep(ctx, i.Web.Form.Retain, i.log) })
	g.Go(func() error { return i.Archive.Sweep(ctx, i.Web.Form.ArchiveAfter) })
	g.Go(func() error { return i.Rollups.Sweep(ctx, i.log) })
	g.Go(func() error { return i.Looks.Sweep(ctx, i.log) })
	g.Go(func() error { return i.Claims.Sweep(ctx, i.log) })
	g.Go(func() error { return i.decideDue(ctx) })
	g.Go(func() error { return i.clock.Run(ctx) })
	g.Go(func() error { return i.expireDue(ctx) })
	g.Go(func() error { return i.Feed.Run(ctx) })
	g.Go(func() error { return i.watchOptions(ctx) })
	g.Go(func() error { return i.Webhooks.Run(ctx) })
	g.Go(func() error {
		i.clock.Check(ctx) // the first numbers are by the clock of the primary, too
		return i.Metrics.WatchQueue(ctx, i.Desk, i.Web.Form.SLA, i.clock.Time)
	})
	for _, r := range i.replicas {
		g.Go(func() error { return i.reportPooler(ctx, "REPLICA_URL", r.pool) })
		g.Go(func() error { return r.gate.Run(ctx) })
	}
	return g.Wait()
}

// ages are how long files and drafts are kept: drafts as long as the form says.
func (i *Instance) ages() files.Ages {
	ages, now := files.DefaultAges, time.Now()
	if kept := i.Web.Form.Retain.Drafts; kept != (form.Period{}) {
		ages.Draft = now.Sub(kept.Before(now))
	}
	return ages
}

// archiveForm stores the form before the first submission does. If the primary is away, the first submission does it.
func (i *Instance) archiveForm(ctx context.Context) error {
	i.warnOfChanges(ctx)
	if err := i.Forms.Keep(ctx, i.Web.Form); err != nil && ctx.Err() == nil {
		i.log.Warn("the form is not stored yet; the first submission tries again", "error", err)
	}
	return nil
}

// reportPooler logs, once the database answers, that a pooler loses prepared statements.
func (i *Instance) reportPooler(ctx context.Context, setting string, pool *postgres.Pool) error {
	for pool.Ping(ctx) != nil {
		if sleep.For(ctx, time.Second) != nil {
			return nil
		}
	}
	if postgres.LosesStatements(pool) {
		i.log.Warn("the pooler does not keep prepared statements, so docket works as if the address had default_query_exec_mode=cache_describe: "+
			"add that, or set max_prepared_statements of PgBouncer 1.21 or later, which is faster", "setting", setting)
	}
	return nil
}

// Close closes the databases, after the notifications of writes have been sent.
func (i *Instance) Close() {
	if i.store != nil {
		i.store.Finish()
	}
	i.Primary.Close()
	for _, r := range i.replicas {
		r.pool.Close()
	}
}
