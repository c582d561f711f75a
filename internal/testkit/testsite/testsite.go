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

	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/testkit/testdb"
)

// Password is the password of every account of a test.
const Password = "correct horse battery"

// Site is a ticket system with one or more instances.
type Site struct {
	DB        testdb.DB
	URL       string // of the first instance
	URLs      []string
	Instances []*app.Instance
	Log       *Log
}

// Start runs instances of the system that f describes until the test ends. With a replica its lists lag as real ones do.
func Start(t testing.TB, f *form.Form, instances int, db testdb.DB) *Site {
	t.Helper()
	s := &Site{DB: db, Log: &Log{}}
	blobs, err := files.OpenBlobs("file://" + filepath.ToSlash(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	for range instances {
		i, err := app.Open(t.Context(), app.Config{
			DatabaseURL: db.Primary, DirectURL: db.Direct, ReplicaURL: db.Replica, Secret: bytes.Repeat([]byte{7}, 32), Form: f, Blobs: blobs,
			Log: slog.New(slog.NewJSONHandler(s.Log, nil)),
		})
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(i.Web)
		s.run(t, i)
		t.Cleanup(server.Close)
		s.URLs, s.Instances = append(s.URLs, server.URL), append(s.Instances, i)
	}
	s.URL = s.URLs[0]
	return s
}

// run does an instance's background work until the test ends.
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

// Account makes an account and returns its address and id.
func (s *Site) Account(t testing.TB, name string, role account.Role) (email, id string) {
	t.Helper()
	a, err := s.Instances[0].Accounts.Add(t.Context(), name+"@example.com", Password, role)
	if err != nil {
		t.Fatalf("add %s: %v", name, err)
	}
	return a.Email, a.ID.String()
}

// Key makes an API key.
func (s *Site) Key(t testing.TB, name string, scopes ...account.Scope) string {
	t.Helper()
	secret, err := s.Instances[0].Keys.Add(t.Context(), name, scopes)
	if err != nil {
		t.Fatalf("add the key %s: %v", name, err)
	}
	return secret
}

// Log is everything that the instances logged.
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
