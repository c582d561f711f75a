package cli_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"docket/internal/testkit/testdb"
)

// TestWebhook_Commands does with commands all that can be done with a webhook, while an instance runs.
func TestWebhook_Commands(t *testing.T) {
	t.Parallel()
	db := testdb.New(t).Primary
	env := []string{"DATABASE_URL=" + db, sessionKey, "WEBHOOK_NETWORKS=127.0.0.0/8"}
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }))
	t.Cleanup(receiver.Close)
	command := func(args ...string) result {
		return run(t, docket(t, env, append([]string{"webhook"}, args...)...), "")
	}
	command("add", "https://127.0.0.1/", "--webhook-networks", "10.0.0.0/8").want(t, 1, "one of the internet")
	command("add", "http://example.com/", "--webhook-networks", "").want(t, 1, "https://")
	command("add", receiver.URL, "--type", "ticket.opened").want(t, 1, "ticket.approved")
	command("add", receiver.URL, "--webhook-networks", "nonsense").want(t, 80, "WEBHOOK_NETWORKS")
	command("add", receiver.URL, "--type", "ticket.approved,ticket.rejected").want(t, 0, "whsec_")
	listed := command("list").want(t, 0, receiver.URL, "ticket.approved,ticket.rejected", "cli")
	id := strings.Fields(strings.Split(listed.out, "\n")[1])[0]
	command("rotate", id).want(t, 0, "whsec_", "signs, too, until")
	command("resend", id, "--since", "2026-01-31").want(t, 0)
	command("resend", id, "--delivery", id).want(t, 1, "no such webhook or delivery")
	command("resend", id).want(t, 80)
	_, end := startServe(t, env, "--listen", "127.0.0.1:0")
	command("test", id).want(t, 0, "answered 202")
	end()
	command("on", id).want(t, 0)
	command("delete", id).want(t, 0)
	command("delete", id).want(t, 1, "no such webhook")
	run(t, docket(t, env, "audit"), "").want(t, 0, "webhook_added", "webhook_rotated", "webhook_tested", "webhook_resent", "webhook_switched_on", "webhook_deleted")
}

// TestWebhook_InstanceKilled kills an instance in the middle of a request: another one sends that event again, and all others.
func TestWebhook_InstanceKilled(t *testing.T) {
	t.Parallel()
	url := testdb.New(t).Primary
	env := []string{"DATABASE_URL=" + url, sessionKey, "WEBHOOK_NETWORKS=127.0.0.0/8", "LISTEN_ADDR=127.0.0.1:0"}
	var mu sync.Mutex // guards ids
	ids := map[string]int{}
	first, hold := make(chan struct{}), make(chan struct{})
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var event struct {
			UserID string `json:"user_id"`
		}
		if json.NewDecoder(r.Body).Decode(&event) != nil {
			return
		}
		mu.Lock()
		ids[r.Header.Get("webhook-id")+" "+event.UserID]++
		once := len(ids) == 1 && ids[r.Header.Get("webhook-id")+" "+event.UserID] == 1
		mu.Unlock()
		if once {
			close(first)
			<-hold
		}
	}))
	t.Cleanup(receiver.Close)
	t.Cleanup(func() { close(hold) })
	run(t, docket(t, env, "webhook", "add", receiver.URL), "").want(t, 0)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	exec := func(statement string) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	killed := startToKill(t, docket(t, env, "serve", "--log-format", "json"))
	exec(`INSERT INTO tickets (id, user_id, status, extra, one_open) VALUES (gen_random_uuid(), 'u-0', 'processing', '{}', false)`)
	<-first
	killed()
	exec(`INSERT INTO tickets (id, user_id, status, extra, one_open) SELECT gen_random_uuid(), 'u-' || n, 'processing', '{}', false FROM generate_series(1, 20) AS n`)
	exec("UPDATE webhooks SET leased_until_ms = 0") // as half a minute later
	_, end := startServe(t, env)
	for late := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		var delivered int
		if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM webhook_deliveries WHERE state = 'delivered'").Scan(&delivered); err != nil {
			t.Fatal(err)
		}
		if delivered == 21 {
			break
		}
		if time.Now().After(late) {
			t.Fatalf("%d of 21 events are delivered", delivered)
		}
	}
	end()
	mu.Lock()
	defer mu.Unlock()
	users := map[string]bool{}
	for id, times := range ids {
		_, user, _ := strings.Cut(id, " ")
		if users[user] || times > 1 && user != "u-0" {
			t.Errorf("%s came %d times, or under two ids", id, times)
		}
		users[user] = true
	}
	if len(users) != 21 {
		t.Errorf("%d users, want 21", len(users))
	}
}

// startToKill starts docket serve, waits until it is ready, and returns what kills it.
func startToKill(t *testing.T, cmd *exec.Cmd) (kill func()) {
	t.Helper()
	logs, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(logs)
	for lines.Scan() && !strings.Contains(lines.Text(), `"msg":"ready"`) {
	}
	return func() {
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
	}
}
