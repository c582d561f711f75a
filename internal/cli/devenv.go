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

	"docket/internal/pgdev"
)

const envFile = "env"

// devEnv is the file of NAME=value lines in which docket dev tells other programs how to reach it.
type devEnv map[string]string

// prepareEnv reads what an earlier run wrote, adds what is missing, and writes all of it.
func (d devCommand) prepareEnv(ctx context.Context, cluster *pgdev.Cluster, base string) (devEnv, error) {
	path := filepath.Join(d.Dir, envFile)
	env, err := readEnv(path)
	if err != nil {
		return nil, err
	}
	env["BASE_URL"] = base
	env["DATABASE_URL"] = cluster.Primary(pgdev.Database)
	env["REPLICA_URL"] = cluster.Replica(pgdev.Database)
	env["FILES_URL"] = (&url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(d.Dir, "files"))}).String()
	env["STAFF_SECOND_FACTOR"] = d.Factor
	if env["SESSION_KEY"] == "" {
		env["SESSION_KEY"] = randomKey()
	}
	if err := env.addAccounts(ctx); err != nil {
		return nil, err
	}
	return env, env.writeFile(path)
}

// readEnv reads NAME=value lines; a missing file has none.
func readEnv(path string) (devEnv, error) {
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	env := devEnv{}
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			env[name] = strings.Trim(value, "'")
		}
	}
	return env, nil
}

// writeFile replaces the file in one step; only its owner may read it.
func (env devEnv) writeFile(path string) error {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(env)) {
		fmt.Fprintf(&b, "%s=%s\n", name, env[name])
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
