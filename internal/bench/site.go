package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"docket/db/migrations"
	"docket/internal/account"
	"docket/internal/pgdev"
	"docket/internal/postgres"
)

// site is what is measured: a PostgreSQL with its data on the disk, and the processes on top of it.
type site struct {
	dir      string
	cluster  *pgdev.Cluster
	postgres int // the process that all of the database's descend from
	key      string
}

const agentEmail, password = "bench@example.com", "correct horse battery"

// open starts a primary alone: what a replica does would be taken for the work of either side.
func open(ctx context.Context, dir string) (*site, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	cluster, err := pgdev.Start(ctx, pgdev.Options{Dir: dir})
	if err != nil {
		return nil, err
	}
	cluster.Halt(pgdev.Replica)
	s := &site{dir: dir, cluster: cluster}
	if err := s.build(ctx); err != nil {
		return s, err
	}
	conn, err := pgx.Connect(ctx, cluster.Primary("postgres"))
	if err != nil {
		return s, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var backend int
	err = conn.QueryRow(ctx, "SELECT pg_backend_pid()").Scan(&backend)
	s.postgres = parentOf(backend)
	return s, err
}

func (s *site) build(ctx context.Context) error {
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", s.binary(), "docket")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

func (s *site) binary() string { return filepath.Join(s.dir, "docket") }

// version is PostgreSQL's own, with a word on how it keeps its promises.
func (s *site) version(ctx context.Context) (version string, err error) {
	conn, err := pgx.Connect(ctx, s.cluster.Primary("postgres"))
	if err != nil {
		return "", err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var fsync string
	err = conn.QueryRow(ctx, "SELECT current_setting('server_version'), current_setting('fsync')").Scan(&version, &fsync)
	return version + ", fsync " + fsync, err
}

// database is a migrated database with an agent and a key. One that is there already, and was made today, is used again.
func (s *site) database(ctx context.Context, name string, tickets int) (string, error) {
	url := s.cluster.Primary(name)
	conn, err := pgx.Connect(ctx, s.cluster.Primary("postgres"))
	if err != nil {
		return "", err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if tickets > 0 && s.filled(ctx, url, tickets) {
		return url, s.furnish(ctx, url)
	}
	for _, statement := range []string{"DROP DATABASE IF EXISTS " + name + " WITH (FORCE)", "CREATE DATABASE " + name} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return "", err
		}
	}
	if err := migrations.Up(ctx, url); err != nil {
		return "", err
	}
	if tickets > 0 {
		if err := (fill{DatabaseURL: url, Tickets: tickets, Seed: 1}).Run(ctx); err != nil {
			return "", err
		}
	}
	return url, s.furnish(ctx, url)
}

// filled reports whether a database holds so many tickets, the newest of the last hours.
func (s *site) filled(ctx context.Context, url string, tickets int) bool {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return false
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var good bool
	err = conn.QueryRow(ctx, `SELECT max(created_at_ms) > now_ms() - 6 * 3600000 AND (SELECT count(*) FROM tickets) = $1 FROM tickets`, tickets).Scan(&good)
	return err == nil && good && migrations.Check(ctx, url) == nil
}

// furnish makes the agent, and a key that is the same in every database.
func (s *site) furnish(ctx context.Context, url string) error {
	pool, err := postgres.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer pool.Close()
	if err := account.NewAccounts(pool).Put(ctx, agentEmail, password, account.Agent); err != nil {
		return err
	}
	if _, err := pool.Exec(ctx, "DELETE FROM api_keys"); err != nil {
		return err
	}
	key, err := account.NewKeys(pool).Add(ctx, "bench", account.Scopes)
	if err != nil {
		return err
	}
	if s.key == "" {
		s.key = key
		return nil
	}
	_, err = pool.Exec(ctx, "UPDATE api_keys SET key_hash = sha256(convert_to($1, 'UTF8'))", s.key)
	return err
}

// process is a server of ours.
type process struct {
	cmd *exec.Cmd
	url string
}

// serve starts docket on a database, as one would in production but for a limit that would end the measurement.
func (s *site) serve(ctx context.Context, url string, more ...string) (*process, error) {
	key := base64.StdEncoding.EncodeToString(make([]byte, 32))
	args := []string{"serve", "--database-url", url, "--session-key", key, "--listen", "127.0.0.1:0", "--rate-limit", "10000000", "--log-format", "json"}
	return s.start(ctx, s.binary(), append(args, more...)...)
}

// bare starts the limits.
func (s *site) bare(ctx context.Context, body, read, work string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return s.start(ctx, self, "bare", "--body", body, "--read", read, "--work", work)
}

// start runs a server, whose log goes to a file, and waits for the line that says where it listens.
func (s *site) start(ctx context.Context, name string, args ...string) (*process, error) {
	log, err := os.CreateTemp(s.dir, "log-*")
	if err != nil {
		return nil, err
	}
	defer log.Close()
	p := &process{cmd: exec.CommandContext(ctx, name, args...)}
	p.cmd.Stderr = log
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGTERM) }
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	defer os.Remove(log.Name()) // it is written to as long as it is open
	for until := time.Now().Add(10 * time.Second); time.Now().Before(until); time.Sleep(time.Millisecond) {
		text, err := os.ReadFile(log.Name())
		if err != nil {
			return nil, err
		}
		if p.url = readyURL(string(text)); p.url != "" {
			return p, nil
		}
	}
	text, _ := os.ReadFile(log.Name()) // it is but a hint
	return nil, errors.Join(fmt.Errorf("%s %s does not answer: %s", name, args[0], text), p.stop())
}

func readyURL(log string) string {
	for line := range strings.Lines(log) {
		var said struct{ Msg, URL string }
		if json.Unmarshal([]byte(line), &said) == nil && said.Msg == "ready" {
			return said.URL
		}
	}
	return ""
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// stop lets a server end in order.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	err := p.cmd.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		slog.Debug("a server ended", "code", exit.ExitCode())
		return nil
	}
	return err
}
