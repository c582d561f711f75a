// Package testsite runs whole instances of docket for tests, on a database of their own.
package testsite

import (
	"bytes"
	"context"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"

	"docket/db"
	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/testkit/testdb"
)

// Password is the password of every account of a test.
const Password = "correct horse battery"

// Site is a running ticket system with one or more instances.
type Site struct {
	DB        testdb.DB
	URL       string // of the first instance
	URLs      []string
	Instances []*app.Instance
	Log       *Log
}

// Start runs instances with the form f until the test ends. With a replica, lists lag as in production.
func Start(t testing.TB, f *form.Form, instances int, db testdb.DB) *Site {
	t.Helper()
	return start(t, instances, db, app.Config{Form: f})
}

// StartWith runs one instance with these settings until the test ends; without a form, with that of FormFile.
func StartWith(t testing.TB, db testdb.DB, c app.Config) *Site {
	t.Helper()
	if c.Form == nil {
		c.Form = Form()
	}
	return start(t, 1, db, c)
}

func start(t testing.TB, instances int, db testdb.DB, c app.Config) *Site {
	t.Helper()
	s := &Site{DB: db, Log: &Log{}}
	t.Cleanup(func() { s.Log.showErrors(t) })
	blobs, err := files.OpenBlobs("file://" + filepath.ToSlash(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	c.DatabaseURL, c.DirectURL, c.ReplicaURL = db.Primary, db.Direct, db.Replica
	if c.Undo == nil { // most tests decide, and look at what that did
		c.Undo = new(time.Duration)
	}
	if c.Secret == nil {
		c.Secret = bytes.Repeat([]byte{7}, 32)
	}
	c.Blobs, c.Log = blobs, slog.New(slog.NewJSONHandler(s.Log, nil))
	for range instances {
		server := httptest.NewUnstartedServer(nil)
		if c.Provider != nil && c.BaseURL == "" { // people come back from there
			c.BaseURL = "http://" + server.Listener.Addr().String()
		}
		i, err := app.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		i.Files.ReadTime = time.Minute // tests share few cores
		server.Config.Handler = i.Web
		server.Start()
		s.run(t, i)
		t.Cleanup(server.Close)
		s.URLs, s.Instances = append(s.URLs, server.URL), append(s.Instances, i)
	}
	s.URL = s.URLs[0]
	return s
}

// run runs an instance's background work until the test ends.
func (s *Site) run(t testing.TB, i *app.Instance) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- i.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		i.Close()
	})
}

// Account adds an account with Password and returns its address and id.
func (s *Site) Account(t testing.TB, name string, role account.Role) (email, id string) {
	t.Helper()
	hash, err := passwordHash()
	if err != nil {
		t.Fatal(err)
	}
	a, err := db.New().AccountAdd(t.Context(), s.Instances[0].Primary, db.AccountAddParams{
		ID: uuid.Must(uuid.NewV7()), Email: name + "@example.com", Role: string(role), PasswordHash: hash,
	})
	if err != nil {
		t.Fatalf("add %s: %v", name, err)
	}
	return a.Email, a.ID.String()
}

// passwordHash is a hash of Password at the lowest cost: hashing for real takes longer than most tests.
var passwordHash = sync.OnceValues(func() (string, error) {
	return argon2id.CreateHash(Password, &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 8, KeyLength: 16})
})

// Key adds an API key and returns its secret.
func (s *Site) Key(t testing.TB, name string, scopes ...account.Scope) string {
	t.Helper()
	secret, err := s.Instances[0].Keys.Add(t.Context(), name, scopes)
	if err != nil {
		t.Fatalf("add the key %s: %v", name, err)
	}
	return secret
}

// Log collects what all instances log.
type Log struct {
	mu   sync.Mutex // guards text
	text strings.Builder
}

func (l *Log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// showErrors adds the errors of the log to that of a test that failed: an answer of 500 does not say what is behind it.
func (l *Log) showErrors(t testing.TB) {
	if !t.Failed() {
		return
	}
	for line := range strings.Lines(l.String()) {
		if strings.Contains(line, `"level":"ERROR"`) {
			t.Logf("the site logged %.1000s", line)
		}
	}
}
