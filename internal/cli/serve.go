package cli

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/devform"
	"docket/internal/form"
)

const factorRequired = "required" // of STAFF_SECOND_FACTOR

type serveCommand struct {
	databaseOptions
	httpOptions
	formOptions
	logOptions
	fileOptions
	mailOptions
	ReplicaURL string `env:"REPLICA_URL" placeholder:"URL" help:"Streaming replicas, separated by commas, each by its own address. Reads go to a replica that is proven to be up to date. Default: all reads go to the primary."`
	SessionKey string `env:"SESSION_KEY" placeholder:"KEY" help:"32 bytes in base64 or hex, the same on every instance. Create one with: openssl rand -base64 32"`
	mailFolder string // of docket dev, where e-mails are written; empty: they are sent
	watchForm  bool   // of docket dev: the form file is read again when it is saved
	Factor     string `name:"staff-second-factor" env:"STAFF_SECOND_FACTOR" enum:"required,optional" default:"required" help:"Whether agents and admins must have a second factor: required (the default) or optional."`
	undoOptions
	signInOptions
	webhookNetworks
	Insecure bool `env:"DOCKET_INSECURE" help:"Start although pages, a database or the file storage are reached over a network without TLS."`
}

type httpOptions struct {
	Listen  string `env:"LISTEN_ADDR" placeholder:"HOST:PORT" help:"Where to listen. Port 0 takes any free port. Default: 127.0.0.1:8080; docket dev takes the next free port if that is in use."`
	Rate    int    `name:"rate-limit" env:"RATE_LIMIT" default:"50000" placeholder:"NUMBER" help:"Requests per second allowed for each API key (${default}); 0: no limit."`
	Metrics string `name:"metrics-addr" env:"METRICS_ADDR" placeholder:"HOST:PORT" help:"Where to serve Prometheus metrics and Go profiles, for operators only. Default: not served."`
	Proxies string `name:"trusted-proxies" env:"TRUSTED_PROXIES" placeholder:"NETWORK" help:"Addresses or networks of the proxies, separated by commas, whose X-Forwarded-For or Forwarded says who the client is. Default: none."`
	BaseURL string `env:"BASE_URL" placeholder:"URL" help:"The address at which people reach docket; with https, cookies are secure. Default: from the listen address."`
}

// Help implements kong.HelpProvider.
func (serveCommand) Help() string {
	return "On SIGTERM /readyz answers 503; 5 seconds later docket accepts no more connections, answers the requests under way and ends. " +
		"It does so after half a second if nobody is connected and nobody has asked /readyz or /healthz for 30 seconds. " +
		"A second signal ends it at once. Set GOMEMLIMIT, such as 400MiB, to 80 % of the memory that the process may use: Go's garbage collector keeps to it. " +
		"With it, GOGC=400 saves about 8 % of the CPU time of look-ups and takes about 20 MB more memory."
}

// Validate refuses settings that cannot work together or at all. Kong calls it.
func (c serveCommand) Validate() error {
	_, err := parseSessionKey(c.SessionKey)
	return errors.Join(c.databaseOptions.Validate(), err, c.httpOptions.Validate(), c.mailOptions.Validate(), c.undoOptions.Validate(), c.webhookNetworks.Validate(), c.signInOptions.Validate())
}

// isSiteAddress reports whether a text is http:// or https://, a host, perhaps a port, and nothing else.
func isSiteAddress(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return false
	}
	port, err := strconv.ParseUint(cmp.Or(u.Port(), "80"), 10, 16)
	return err == nil && port > 0 && strings.Trim(u.Path, "/")+u.RawQuery+u.Fragment == ""
}

// Validate refuses a BASE_URL without http:// or https://: docket would not know whether to make cookies secure.
func (o httpOptions) Validate() error {
	if o.BaseURL != "" && !isSiteAddress(o.BaseURL) {
		return fmt.Errorf("BASE_URL (--base-url) must be the address at which people reach docket, such as https://tickets.example.com, and not %q", o.BaseURL)
	}
	if _, err := parseNetworks(o.Proxies); err != nil {
		return err
	}
	if o.Rate < 0 {
		return errors.New("RATE_LIMIT (--rate-limit) must be a number of requests per second, or 0 for no limit")
	}
	return nil
}

func (c serveCommand) Run(ctx context.Context) error {
	log, flush := c.newLogger()
	defer flush()
	listener, err := listenTCP(ctx, cmp.Or(c.Listen, defaultListen))
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	if err := c.checkEncryption(listener.Addr()); err != nil {
		if !c.Insecure {
			return errors.Join(fmt.Errorf("%w\nfor a network that you trust as much as this machine: --insecure (DOCKET_INSECURE=true)", err), listener.Close())
		}
		log.Warn("started with --insecure", "problems", err)
	}
	return c.serveOn(ctx, listener, log, serveStopTimes, func(context.Context) {
		log.Info("ready", "url", c.publicURL(listener.Addr()), "listen", listener.Addr().String())
	})
}

// serveOn serves on listener until ctx ends, and calls ready when it can. Background work goes on until the last request
// is answered, because until then the cache needs the changes of others.
func (c serveCommand) serveOn(ctx context.Context, listener net.Listener, log *slog.Logger, stop stopTimes, ready func(context.Context)) error {
	server := startHTTP(listener)
	defer server.server.Close()
	f, err := c.load()
	if err != nil {
		return err
	}
	watched := c.watch(f, server)
	docket, err := c.openApp(ctx, listener.Addr(), log, f, watched)
	if err != nil && ctx.Err() != nil {
		return nil // it was stopped while it waited for a database
	}
	if err != nil {
		return err
	}
	current := &runningApp{Instance: docket}
	defer func() { current.Close() }()
	var metricsListener net.Listener
	if c.Metrics != "" {
		if metricsListener, err = listenTCP(ctx, c.Metrics); err != nil {
			return fmt.Errorf("METRICS_ADDR (--metrics-addr): %w", err)
		}
		defer metricsListener.Close()
	}
	server.open(docket.Web)
	g, ctx := errgroup.WithContext(ctx)
	background, endBackground := context.WithCancel(context.WithoutCancel(ctx))
	g.Go(current.begin(background))
	if watched != nil {
		g.Go(func() error {
			return watched.Run(ctx, func(f *form.Form) error {
				next, err := c.openApp(ctx, listener.Addr(), log, f, watched)
				if err != nil {
					return err
				}
				former := current
				current = &runningApp{Instance: next}
				g.Go(current.begin(background))
				server.open(next.Web)
				g.Go(former.end)
				return nil
			})
		})
	}
	if metricsListener != nil {
		g.Go(func() error { return serveMetrics(background, metricsListener, docket.Metrics.Handler(), log) })
	}
	g.Go(func() error {
		defer endBackground()
		return server.run(ctx, stop, log)
	})
	g.Go(func() error { return c.watchSchema(ctx) })
	g.Go(func() error { ready(ctx); return nil })
	return g.Wait()
}

// openApp wires the instance that listens on an address, once a database has the current schema.
func (c serveCommand) openApp(ctx context.Context, addr net.Addr, log *slog.Logger, f *form.Form, watched *devform.File) (*app.Instance, error) {
	secret, err := parseSessionKey(c.SessionKey)
	if err != nil {
		return nil, err
	}
	if err := c.waitForSchema(ctx, log); err != nil {
		return nil, err
	}
	blobs, err := c.openBlobs(f, log)
	if err != nil {
		return nil, err
	}
	proxies, err := parseNetworks(c.Proxies)
	if err != nil {
		return nil, err
	}
	networks, err := c.parseWebhookNetworks()
	if err != nil {
		return nil, err
	}
	sent := c.settings()
	sent.Folder = c.mailFolder
	return app.Open(ctx, app.Config{
		FormFile:    watched,
		DatabaseURL: c.DatabaseURL, DirectURL: c.directURL(), ReplicaURL: c.ReplicaURL, Secret: secret, Form: f, Blobs: blobs,
		BaseURL: c.publicURL(addr), TrustedProxies: proxies, Mail: sent, Rate: c.Rate, StaffFactor: c.Factor == factorRequired, Undo: c.undoTime(), Provider: c.provider(), Local: account.LocalSignIn(c.Local), Log: log,
		Webhooks: app.Webhooks{Networks: networks, Insecure: c.Insecure},
	})
}

// publicURL is the address at which people reach the server.
func (o httpOptions) publicURL(addr net.Addr) string {
	if o.BaseURL != "" {
		return strings.TrimSuffix(o.BaseURL, "/")
	}
	return "http://" + addr.String()
}

// parseSessionKey reads 32 bytes in base64 or hex.
func parseSessionKey(text string) ([]byte, error) {
	for _, decode := range []func(string) ([]byte, error){
		hex.DecodeString, base64.StdEncoding.DecodeString, base64.RawStdEncoding.DecodeString,
		base64.URLEncoding.DecodeString, base64.RawURLEncoding.DecodeString,
	} {
		if key, err := decode(strings.TrimSpace(text)); err == nil && len(key) == 32 {
			return key, nil
		}
	}
	return nil, errors.New("SESSION_KEY (--session-key) is not 32 bytes in base64 or hex; create one with: openssl rand -base64 32")
}
