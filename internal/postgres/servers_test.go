package postgres_test

import (
	"slices"
	"testing"

	"docket/internal/postgres"
)

func TestParseServers(t *testing.T) {
	t.Parallel()
	const one, two, three = "postgres://ann@one:5432/docket?sslmode=prefer", "postgresql://two/docket", "host=three user=ann"
	for text, want := range map[string][]string{
		"":                        nil,
		" ":                       nil,
		one:                       {one},
		one + "," + two:           {one, two},
		one + " ,\n " + two + ",": {one, two},
		three:                     {three},
	} {
		if got, err := postgres.ParseServers(text); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
	}
}

func TestParseServers_SeveralServersInOneURL(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"postgres://one,two/docket", "postgres://one:1,one:2/docket", "host=one,two user=ann",
		"postgres://one/docket postgres://two,three/docket", "nonsense",
	} {
		if got, err := postgres.ParseServers(text); err == nil {
			t.Errorf("%q: %q, want it refused", text, got)
		}
	}
}
