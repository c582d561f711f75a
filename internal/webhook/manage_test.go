package webhook_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"docket/db"
	"docket/internal/account"
	"docket/internal/feed"
	"docket/internal/webhook"
)

// verifies reports whether a request is signed with a secret.
func verifies(t *testing.T, secret string, got sent) bool {
	t.Helper()
	verifier, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	return verifier.Verify(got.Body, got.Header) == nil
}

func TestRotate_BothSecretsSign(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	r := receive(t, always(200))
	added, first := s.add(r)
	rotated, second, err := s.all.Rotate(t.Context(), added.ID)
	if err != nil || first == second || rotated.OldSecretEnds.IsZero() {
		t.Fatalf("%+v, %v", rotated, err)
	}
	next := func(user string) sent {
		s.submit(user)
		s.waits("SELECT count(*) = 1 FROM webhook_deliveries d JOIN tickets t ON t.id = d.ticket_id WHERE d.state = 'delivered' AND t.user_id = $1", user)
		all := r.until(atLeast(1))
		return all[len(all)-1]
	}
	if got := next("ann"); !verifies(t, first, got) || !verifies(t, second, got) {
		t.Errorf("signatures %q", got.Header.Get("webhook-signature"))
	}
	s.advance(webhook.OldSecretLife + time.Minute)
	if got := next("bob"); verifies(t, first, got) || !verifies(t, second, got) {
		t.Errorf("a day later: signatures %q", got.Header.Get("webhook-signature"))
	}
	_, third, err := s.all.Rotate(t.Context(), added.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got := next("eve"); verifies(t, first, got) || !verifies(t, second, got) || !verifies(t, third, got) {
		t.Errorf("after the next: signatures %q", got.Header.Get("webhook-signature"))
	}
}

func TestTest_Delivered(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	r := receive(t, always(202))
	added, secret := s.add(r)
	test, err := s.all.Test(t.Context(), added.ID)
	if err != nil {
		t.Fatal(err)
	}
	got := r.until(atLeast(1))[0]
	if got.ID != test.ID.String() || got.Event.Type != webhook.TestType || got.Event.TicketID != nil || !verifies(t, secret, got) {
		t.Errorf("the test came as %s", got.Body)
	}
	s.waits(allDelivered, 1)
	found, err := s.all.FindDelivery(t.Context(), added.ID, test.ID)
	if err != nil || found.Status != 202 || found.Answer != "answer 202" || found.Failure != "" {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestResend_OneAndSince(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	r := receive(t, always(200))
	added, _ := s.add(r)
	for i := range 3 {
		s.submit(fmt.Sprint("u-", i))
	}
	first := r.until(atLeast(3))
	s.waits(allDelivered, 3)
	if _, err := s.all.Resend(t.Context(), added.ID, uuid.MustParse(first[1].ID)); err != nil {
		t.Fatal(err)
	}
	if again := r.until(func(all []sent) bool { return len(all) == 4 }); again[3].ID != first[1].ID || string(again[3].Body) != string(first[1].Body) {
		t.Errorf("%s was sent again as %s", first[1].Body, again[3].Body)
	}
	s.waits(allDelivered, 3)
	if err := s.all.ResendSince(t.Context(), added.ID, time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	if all := r.until(func(all []sent) bool { return len(all) == 7 }); distinct(all) != 3 || distinct(all[4:]) != 3 {
		t.Errorf("everything was sent again as %d events", distinct(all[4:]))
	}
	if _, err := s.all.Resend(t.Context(), added.ID, uuid.New()); !errors.Is(err, webhook.ErrNotFound) {
		t.Errorf("resend what was never sent: %v", err)
	}
}

func TestSwitchOff_AfterFiveDays(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.exec("INSERT INTO mail_senders (until_ms) VALUES (now_ms() + 1000000000)")
	s.Account(t, "admin", account.Admin)
	s.Account(t, "agent", account.Agent)
	r := receive(t, always(500))
	added, _ := s.add(r)
	s.submit("ann")
	s.waits("SELECT count(*) = 1 FROM webhook_deliveries WHERE state = 'waiting' AND attempts = 1 AND status = 500 AND answer = 'answer 500'")
	s.advance(webhook.MostFailing - time.Hour)
	s.waits("SELECT attempts = 2 FROM webhook_deliveries")
	s.waits("SELECT off_at_ms IS NULL FROM webhooks")
	s.advance(webhook.MostFailing + 24*time.Hour)
	s.waits("SELECT off_reason IS NOT DISTINCT FROM 'failing' FROM webhooks")
	s.waits("SELECT count(*) = 1 FROM outbox o JOIN accounts a ON a.id = o.account_id WHERE o.kind = 'webhook_off' AND a.role = 'admin'")
	if found, err := s.all.Find(t.Context(), added.ID); err != nil || found.Off != webhook.OffFailing {
		t.Errorf("%+v, %v", found, err)
	}
	if _, err := s.all.Test(t.Context(), added.ID); !errors.Is(err, webhook.ErrOff) {
		t.Errorf("a test of a webhook that is off: %v", err)
	}
	s.submit("bob")
	r.setAnswer(always(200))
	if on, err := s.all.SwitchOn(t.Context(), added.ID); err != nil || on.Off != "" {
		t.Fatalf("%+v, %v", on, err)
	}
	r.until(func(all []sent) bool { return distinct(all) == 2 })
}

func TestSwitchOff_Gone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	r := receive(t, always(410))
	s.add(r)
	s.submit("ann")
	s.waits("SELECT off_reason IS NOT DISTINCT FROM 'gone' FROM webhooks")
}

// TestErase_Answers erases a ticket: what receivers said of it goes, and what they say later is not kept.
func TestErase_Answers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	r := receive(t, always(200))
	s.add(r)
	s.approve(s.submit("ann"))
	s.waits("SELECT count(*) = 2 FROM webhook_deliveries WHERE answer = 'answer 200'")
	s.exec("SELECT erase_user('ann', 'cli', 'request')")
	s.waits("SELECT count(*) = 0 FROM webhook_deliveries WHERE answer <> ''")
	all := r.until(func(all []sent) bool { return len(all) > 2 })
	if last := all[len(all)-1]; last.Event.Type != feed.Erased || *last.Event.UserID != "ann" {
		t.Errorf("after the erasure came %s", last.Body)
	}
	s.waits(allDelivered, 3)
	s.exec("UPDATE webhook_deliveries SET state = 'waiting', next_at_ms = 0")
	r.until(func(again []sent) bool { return len(again) >= len(all)+3 })
	s.waits(allDelivered, 3)
	s.waits("SELECT count(*) = 0 FROM webhook_deliveries WHERE answer <> ''")
}

func TestDelete_EndsDeliveries(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	r, other := receive(t, always(200)), receive(t, always(200))
	added, _ := s.add(r)
	s.add(other)
	if err := s.all.Delete(t.Context(), added.ID); err != nil {
		t.Fatal(err)
	}
	if err := s.all.Delete(t.Context(), added.ID); !errors.Is(err, webhook.ErrNotFound) {
		t.Errorf("deleted twice: %v", err)
	}
	s.submit("ann")
	other.until(atLeast(1))
	s.waits(allDelivered, 1)
	if all := r.until(func([]sent) bool { return true }); len(all) != 0 {
		t.Errorf("%d requests after the end", len(all))
	}
}

// TestSecret_OfAnotherAddress changes an address in the database alone: nothing is sent there.
func TestSecret_OfAnotherAddress(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	r, other := receive(t, always(200)), receive(t, always(200))
	added, _ := s.add(r)
	witness, _ := s.add(other)
	s.exec("UPDATE webhooks SET url = $2 WHERE id = $1", added.ID, other.server.URL+"/stolen")
	s.submit("ann")
	s.waits("SELECT count(*) = 1 FROM webhook_deliveries WHERE webhook_id = $1", witness.ID)
	if found, err := s.all.Find(t.Context(), added.ID); err != nil || !found.Unreadable {
		t.Errorf("%+v, %v", found, err)
	}
	if all := other.until(atLeast(1)); len(all) != 1 {
		t.Errorf("%d requests, want that of the webhook alone", len(all))
	}
}

func TestAdd_Most(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.exec(`INSERT INTO webhooks (id, url, types, secret, added_by, position, off_at_ms, off_reason)
		SELECT gen_random_uuid(), 'https://example.com', '{ticket.approved}', '', 'cli', 0, 1, 'gone' FROM generate_series(1, $1::int)`, webhook.MostWebhooks)
	if _, _, err := s.all.Add(t.Context(), "https://example.com/", feed.Types, "cli"); !errors.Is(err, webhook.ErrTooMany) {
		t.Errorf("one too many: %v", err)
	}
}

// TestLease_OneInstance has another instance look for work: it gets no webhook that one works on.
func TestLease_OneInstance(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.add(receive(t, always(200)))
	s.waits("SELECT leased_by IS NOT NULL FROM webhooks")
	leased, err := db.New().WebhookLease(t.Context(), s.Instances[0].Primary, db.WebhookLeaseParams{Instance: uuid.New(), LifeMs: 60_000})
	if err != nil || len(leased) != 0 {
		t.Errorf("another instance got %v, %v; want none", leased, err)
	}
}
