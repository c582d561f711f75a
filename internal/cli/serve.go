package cli

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"

	"golang.org/x/sync/errgroup"

	"docket/db/migrations"
	"docket/internal/app"
)

type serve struct {
	database
	listening
	system
	logging
	storing
	ReplicaURL string `env:"REPLICA_URL" placeholder:"URL" help:"Streaming replicas, each by its own address, with commas between them: what is not remembered is read from those that are proven fresh. Default: the primary answers everything."`
	SessionKey string `env:"SESSION_KEY" placeholder:"KEY" help:"32 bytes in base64 or hex, the same on every instance. Make one with: openssl rand -base64 32"`
}

type listening struct {
	Listen  string `env:"LISTEN_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen (${default}). Port 0 picks a free one."`
	Rate    int    `name:"rate-limit" env:"RATE_LIMIT" default:"50000" placeholder:"NUMBER" help:"Requests a second that each API key may make (${default}); 0: any number."`
	Metrics string `name:"metrics-addr" env:"METRICS_ADDR" placeholder:"HOST:PORT" help:"Where to serve Prometheus metrics and Go's profiles, for operators only. Default: nowhere."`
	BaseURL string `env:"BASE_URL" placeholder:"URL" help:"How people reach docket; https makes cookies secure. Default: from the listen address."`
}

// Help implements kong.HelpProvider.
func (serve) Help() string {
	return "On SIGTERM /readyz answers 503; 5 seconds later docket accepts no more connections, answers the requests under way and ends. " +
		"A second signal ends it at once. Set GOMEMLIMIT, such as 400MiB, to 80 % of the memory that the process may use: Go's garbage collector keeps to it."
}

// Validate refuses what could not be served as it is meant; kong calls it.
func (c serve) Validate() error {
	_, err := sessionKey(c.SessionKey)
	return errors.Join(c.database.Validate(), err, c.listening.Validate())
}

// Validate refuses an address that nobody could type into a browser, such as one without http://: cookies would not be
// secure on a site that is.
func (l listening) Validate() error {
	u, err := url.Parse(l.BaseURL)
	if l.BaseURL != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/")+u.RawQuery != "") {
		return fmt.Errorf("BASE_URL (--base-url) is how people reach docket, such as https://tickets.example.com, and not %q", l.BaseURL)
	}
	if l.Rate < 0 {
		return errors.New("RATE_LIMIT (--rate-limit) is a number of requests a second, or 0 for any number")
	}
	return nil
}

func (c serve) Run(ctx context.Context) error {
	log, flush := c.logger()
	defer flush()
	listener, err := listenTCP(ctx, c.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	return c.run(ctx, listener, log, serveStopTimes, func(base string) { log.Info("ready", "url", base, "listen", listener.Addr().String()) })
}

// run serves on listener until ctx ends, and calls ready when it can. What goes on in the background goes on until the
// last request is answered: a docket that stops still has to hear what others write.
func (c serve) run(ctx context.Context, listener net.Listener, log *slog.Logger, stop stopTimes, ready func(base string)) error {
	defer listener.Close()
	secret, err := sessionKey(c.SessionKey)
	if err != nil {
		return err
	}
	f, err := c.load()
	if err != nil {
		return err
	}
	if err := migrations.Check(ctx, c.direct()); err != nil {
		return err
	}
	blobs, err := c.storage(f, log)
	if err != nil {
		return err
	}
	var telling net.Listener
	if c.Metrics != "" {
		if telling, err = listenTCP(ctx, c.Metrics); err != nil {
			return fmt.Errorf("METRICS_ADDR (--metrics-addr): %w", err)
		}
		defer telling.Close()
	}
	base := c.base(listener.Addr())
	docket, err := app.Open(ctx, app.Config{
		DatabaseURL: c.DatabaseURL, DirectURL: c.direct(), ReplicaURL: c.ReplicaURL, Secret: secret, Form: f, Blobs: blobs,
		HTTPS: strings.HasPrefix(base, "https://"), Rate: c.Rate, Log: log,
	})
	if err != nil {
		return err
	}
	defer docket.Close()
	g, ctx := errgroup.WithContext(ctx)
	background, endBackground := context.WithCancel(context.WithoutCancel(ctx))
	g.Go(func() error { return docket.Run(background) })
	if telling != nil {
		g.Go(func() error { return tell(background, telling, docket.Metrics.Handler(), log) })
	}
	g.Go(func() error {
		defer endBackground()
		return serveHTTP(ctx, listener, docket.Web, stop, log)
	})
	ready(base)
	return g.Wait()
}

// base is how people reach the server.
func (l listening) base(addr net.Addr) string {
	if l.BaseURL != "" {
		return strings.TrimSuffix(l.BaseURL, "/")
	}
	return "http://" + addr.String()
}

// sessionKey reads 32 bytes in base64 or hex.
func sessionKey(text string) ([]byte, error) {
	for _, decode := range []func(string) ([]byte, error){
		hex.DecodeString, base64.StdEncoding.DecodeString, base64.RawStdEncoding.DecodeString,
		base64.URLEncoding.DecodeString, base64.RawURLEncoding.DecodeString,
	} {
		if key, err := decode(strings.TrimSpace(text)); err == nil && len(key) == 32 {
			return key, nil
		}
	}
	return nil, errors.New("SESSION_KEY (--session-key) is not 32 bytes in base64 or hex; make one with: openssl rand -base64 32")
}
