package cli_test

import (
	"os"
	"path/filepath"
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

// What a key fixes is checked against the form that its tickets answer.
func TestKeyAdd_Fixed(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "form.yaml")
	const form = `name: x
title: X
fields:
  - {name: department, label: Department, type: choice, options: [{value: sales, label: Sales}, {value: it, label: IT}]}
  - {name: site, label: Site, when: department == 'it', max_length: 5}
  - {name: seats, label: Seats, type: number}
`
	if err := os.WriteFile(file, []byte(form), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{"DATABASE_URL=" + testdb.New(t).Primary, "FORM_FILE=" + file}
	add := func(fixed string) result {
		return run(t, docket(t, env, "key", "add", fixed[:4]+fixed[len(fixed)-2:], "--scope", "tickets:write", "--fixed", fixed), "")
	}
	add("department=sales").want(t, 0, "dk_")
	add("site=Hanoi").want(t, 0, "dk_") // whether it is asked depends on other answers
	add("elsewhere=yes").want(t, 0, `does not ask "elsewhere"`)
	add("department=Sales").want(t, 1, `--fixed: "Sales" is no answer to "Department"`)
	add("site=Ho Chi Minh").want(t, 1, `--fixed: "Ho Chi Minh" is no answer to "Site"`)
	add("seats=5").want(t, 1, `--fixed: "5" is no answer to "Seats": Must be a number`)
}
