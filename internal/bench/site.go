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

// site is a PostgreSQL with its data on disk, and the processes that use it.
type site struct {
	dir      string
	cluster  *pgdev.Cluster
	postgres int // the parent process of all of its processes
	key      string
}

const agentEmail, password = "bench@example.com", "correct horse battery"

// openSite starts a primary without a replica, whose CPU time would count for either side.
func openSite(ctx context.Context, dir string) (*site, error) {
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
	if err := s.buildBinary(ctx); err != nil {
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

func (s *site) buildBinary(ctx context.Context) error {
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", s.binaryPath(), "docket")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

func (s *site) binaryPath() string { return filepath.Join(s.dir, "docket") }

// postgresVersion is the server's version and whether fsync is on.
func (s *site) postgresVersion(ctx context.Context) (version string, err error) {
	conn, err := pgx.Connect(ctx, s.cluster.Primary("postgres"))
	if err != nil {
		return "", err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var fsync string
	err = conn.QueryRow(ctx, "SELECT current_setting('server_version'), current_setting('fsync')").Scan(&version, &fsync)
	return version + ", fsync " + fsync, err
}

// ensureDatabase returns a migrated database with an agent and a key. One that is less than six hours old is used again.
func (s *site) ensureDatabase(ctx context.Context, name string, tickets int) (string, error) {
	url := s.cluster.Primary(name)
	conn, err := pgx.Connect(ctx, s.cluster.Primary("postgres"))
	if err != nil {
		return "", err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if tickets > 0 && s.hasTickets(ctx, url, tickets) {
		return url, s.addAccounts(ctx, url)
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
	return url, s.addAccounts(ctx, url)
}

// hasTickets reports whether a database holds so many tickets, the newest less than six hours old.
func (s *site) hasTickets(ctx context.Context, url string, tickets int) bool {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return false
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var good bool
	err = conn.QueryRow(ctx, `SELECT max(created_at_ms) > now_ms() - 6 * 3600000 AND (SELECT count(*) FROM tickets) = $1 FROM tickets`, tickets).Scan(&good)
	return err == nil && good && migrations.Check(ctx, url) == nil
}

// addAccounts adds the agent, and a key that is the same in every database.
func (s *site) addAccounts(ctx context.Context, url string) error {
	pool, err := postgres.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer pool.Close()
	if err := account.NewAccounts(pool, account.Config{}).AddOrReplace(ctx, agentEmail, password, account.Agent); err != nil {
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

// process is a running server.
type process struct {
	cmd *exec.Cmd
	url string
}

// startDocket starts docket on a database as in production, but with a rate limit that is never reached.
func (s *site) startDocket(ctx context.Context, url string, more ...string) (*process, error) {
	key := base64.StdEncoding.EncodeToString(make([]byte, 32))
	args := []string{"serve", "--database-url", url, "--session-key", key, "--listen", "127.0.0.1:0", "--rate-limit", "10000000", "--staff-second-factor", "optional", "--log-format", "json"}
	return s.startProcess(ctx, s.binaryPath(), append(args, more...)...)
}

// startLimits starts the process that shows the limits.
func (s *site) startLimits(ctx context.Context, body, read, work string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return s.startProcess(ctx, self, "limits", "--body", body, "--read", read, "--work", work)
}

// startProcess starts a server and waits for the log line with its address.
func (s *site) startProcess(ctx context.Context, name string, args ...string) (*process, error) {
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
	defer os.Remove(log.Name()) // the server keeps it open
	for until := time.Now().Add(10 * time.Second); time.Now().Before(until); time.Sleep(time.Millisecond) {
		text, err := os.ReadFile(log.Name())
		if err != nil {
			return nil, err
		}
		if p.url = readyURL(string(text)); p.url != "" {
			return p, nil
		}
	}
	text, _ := os.ReadFile(log.Name()) // without it the error says less
	return nil, errors.Join(fmt.Errorf("%s %s is not ready: %s", name, args[0], text), p.stop())
}

func readyURL(log string) string {
	for line := range strings.Lines(log) {
		var record struct{ Msg, URL string }
		if json.Unmarshal([]byte(line), &record) == nil && record.Msg == "ready" {
			return record.URL
		}
	}
	return ""
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// stop ends a server with SIGTERM.
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
