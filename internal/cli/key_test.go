package cli_test

import (
	"strings"
	"testing"
	"time"

	"docket/internal/testkit/testdb"
)

func TestKeyAdd_Limits(t *testing.T) {
	t.Parallel()
	env := []string{"DATABASE_URL=" + testdb.New(t).Primary}
	add := func(args ...string) result {
		return run(t, docket(t, env, append([]string{"key", "add", "--scope", "latest:read"}, args...)...), "")
	}
	add("plain").want(t, 0, "dk_")
	add("days", "--expires", "90d").want(t, 0, "dk_")
	add("time", "--expires", "2999-01-31T00:00:00Z", "--not-own").want(t, 0, "dk_")
	for _, wrong := range []string{"0d", "-1d", "90", "1y", "36501d", "99999999999d", "2020-01-31T00:00:00Z", "tomorrow"} {
		add("wrong", "--expires="+wrong).want(t, 1, "--expires: ")
	}
	listed := run(t, docket(t, env, "key", "list"), "").want(t, 0, "NOT OWN", "LAST USED", "EXPIRES")
	lines := strings.Split(strings.TrimSpace(listed.out), "\n")[1:]
	if len(lines) != 3 {
		t.Fatalf("keys:\n%s", listed.out)
	}
	in90 := time.Now().Add(90 * 24 * time.Hour).Format("2006-01-02")
	for i, want := range []string{"plain latest:read - ", "days latest:read - ", "time latest:read yes "} {
		line := strings.Join(strings.Fields(lines[i]), " ")
		if !strings.Contains(line, want) || strings.Contains(line, in90) != (i == 1) || strings.Contains(line, "2999-01-31") != (i == 2) {
			t.Errorf("key %d: %s", i, line)
		}
	}
}
