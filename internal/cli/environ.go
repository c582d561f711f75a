package cli

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"docket/internal/account"
	"docket/internal/pgdev"
	"docket/internal/postgres"
)

const environFile = "env"

// environ is what docket dev tells other programs, as NAME=value lines.
type environ map[string]string

// environ reads what an earlier run told, makes what is missing, and writes all of it.
func (d dev) environ(ctx context.Context, cluster *pgdev.Cluster, base string) (environ, error) {
	path := filepath.Join(d.Dir, environFile)
	env, err := readEnviron(path)
	if err != nil {
		return nil, err
	}
	env["BASE_URL"] = base
	env["DATABASE_URL"] = cluster.Primary(pgdev.Database)
	env["REPLICA_URL"] = cluster.Replica(pgdev.Database)
	env["FILES_URL"] = (&url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(d.Dir, "files"))}).String()
	if env["SESSION_KEY"] == "" {
		env["SESSION_KEY"] = randomKey()
	}
	if env["DEMO_PASSWORD"] == "" || env["API_KEY"] == "" {
		if err := env.furnish(ctx); err != nil {
			return nil, err
		}
	}
	return env, env.write(path)
}

// furnish makes the demo accounts, all with one new password, and an API key with every scope.
func (env environ) furnish(ctx context.Context) error {
	pool, err := postgres.Connect(ctx, env["DATABASE_URL"])
	if err != nil {
		return err
	}
	defer pool.Close()
	env["DEMO_PASSWORD"] = "demo-" + strings.ToLower(rand.Text()[:12])
	accounts := account.NewAccounts(pool)
	for _, demo := range []struct {
		name, email string
		role        account.Role
	}{
		{"DEMO_CUSTOMER", "customer@example.com", account.Customer},
		{"DEMO_AGENT", "agent@example.com", account.Agent},
		{"DEMO_AGENT_2", "agent2@example.com", account.Agent},
		{"DEMO_ADMIN", "admin@example.com", account.Admin},
	} {
		if err := accounts.Put(ctx, demo.email, env["DEMO_PASSWORD"], demo.role); err != nil {
			return fmt.Errorf("make the account %s: %w", demo.email, err)
		}
		env[demo.name] = demo.email
	}
	env["API_KEY"], err = account.NewKeys(pool).Add(ctx, "dev-"+strings.ToLower(rand.Text()[:6]), account.Scopes)
	return err
}

// readEnviron reads NAME=value lines; a file that is not there holds none.
func readEnviron(path string) (environ, error) {
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	env := environ{}
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			env[name] = strings.Trim(value, "'")
		}
	}
	return env, nil
}

// write puts the file in place whole, readable by its owner alone.
func (env environ) write(path string) error {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(env)) {
		value := env[name]
		fmt.Fprintf(&b, "%s=%s\n", name, value)
	}
	if err := os.WriteFile(path+".new", []byte(b.String()), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

func randomKey() string {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // it never returns an error
	return base64.StdEncoding.EncodeToString(key)
}
