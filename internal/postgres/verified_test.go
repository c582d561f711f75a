package postgres_test

import (
	"slices"
	"testing"

	"docket/internal/postgres"
)

func TestFindUnverifiedHosts(t *testing.T) {
	t.Parallel()
	for url, want := range map[string][]string{
		"postgres://u:p@/docket?host=/run/postgresql":                      nil,
		"postgres://u:p@localhost/docket?sslmode=disable":                  nil,
		"postgres://u:p@127.0.0.1/docket":                                  nil,
		"postgres://u:p@[::1]/docket":                                      nil,
		"postgres://u:p@db.example.com/docket?sslmode=verify-full":         nil,
		"host=db.example.com user=u dbname=docket sslmode=verify-full":     nil,
		"postgres://u:p@db.example.com/docket":                             {"db.example.com"},
		"postgres://u:p@db.example.com/docket?sslmode=disable":             {"db.example.com"},
		"postgres://u:p@db.example.com/docket?sslmode=require":             {"db.example.com"},
		"postgres://u:p@db.example.com/docket?sslmode=verify-ca":           {"db.example.com"},
		"postgres://u:p@192.0.2.7/docket?sslmode=prefer":                   {"192.0.2.7"},
		"postgres://u:p@localhost,a.example.com,b.example.com:6432/d":      {"a.example.com", "b.example.com"},
		"postgres://u:p@localhost.example.com/docket?sslmode=disable":      {"localhost.example.com"},
		"postgres://u:p@a.example.com,b.example.com/d?sslmode=verify-full": nil,
	} {
		got, err := postgres.FindUnverifiedHosts(url)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %v; want %q", url, got, err, want)
		}
	}
}
