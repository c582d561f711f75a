package app_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/app"
	"docket/internal/pgdev"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
)

// TestPrimary_ReadOnly has a primary that takes no writes for a while, during which docket connects to it.
func TestPrimary_ReadOnly(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 1, testdb.New(t))
	direct := pool(t, s.DB.Primary)
	name := direct.Config().ConnConfig.Database
	set := func(statement string) {
		conn, err := direct.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Release()
		for _, each := range []string{"SET default_transaction_read_only = off", statement} {
			if _, err := conn.Exec(t.Context(), each); err != nil {
				t.Fatalf("%s: %v", each, err)
			}
		}
	}
	set("ALTER DATABASE " + name + " SET default_transaction_read_only = on")
	s.Instances[0].Primary.Reset()
	checkMode(t, s.Instances[0], "read-only")
	if err := submitOne(t, s.Instances[0]); !errors.Is(err, ticket.ErrUnavailable) {
		t.Errorf("a write meanwhile: %v, want ErrUnavailable", err)
	}
	set("ALTER DATABASE " + name + " RESET default_transaction_read_only")
	waitForWrites(t, s.Instances[0])
}

// TestPrimary_Promoted has a standby at the primary's address, which is promoted then.
func TestPrimary_Promoted(t *testing.T) {
	t.Parallel()
	n := start(t, 1)
	i := n.openOn(n.cluster.Replica(pgdev.Database))
	checkMode(t, i, "read-only")
	if err := submitOne(t, i); !errors.Is(err, ticket.ErrUnavailable) || errors.Is(err, ticket.ErrUnknown) {
		t.Errorf("a write to a standby: %v, want ErrUnavailable", err)
	}
	if _, err := i.Desk.Latest(ticket.Fresh(t.Context()), "ann"); !errors.Is(err, ticket.ErrUnavailable) {
		t.Errorf("a fresh read of a standby: %v, want ErrUnavailable", err)
	}
	n.exec(n.replicas[0], "SELECT pg_promote()")
	waitForWrites(t, i)
}

func submitOne(t *testing.T, i *app.Instance) error {
	t.Helper()
	_, err := i.Desk.Submit(t.Context(), ticket.Submission{UserID: uuid.NewString(), By: "key:program", Key: uuid.NewString(), Extra: []byte(`{}`)})
	return err
}

func checkMode(t *testing.T, i *app.Instance, want string) {
	t.Helper()
	server := httptest.NewServer(i.Web)
	defer server.Close()
	if text := fetch(t, server.URL+"/readyz", ""); !strings.Contains(text, `"mode":"`+want+`"`) {
		t.Errorf("/readyz: %s, want %s", text, want)
	}
}

// waitForWrites fails unless an instance makes twenty writes in a row within twenty seconds. A write may fail before: a connection
// that cannot write is used until a new one is known to be able to.
func waitForWrites(t *testing.T, i *app.Instance) {
	t.Helper()
	began := time.Now()
	for done := 0; done < 20; {
		err := submitOne(t, i)
		if done++; err == nil {
			continue
		}
		if time.Since(began) > 20*time.Second {
			t.Fatalf("after %v a write fails: %v", time.Since(began), err)
		}
		done = 0
		time.Sleep(100 * time.Millisecond)
	}
	time.Sleep(time.Until(began.Add(2 * time.Second))) // older connections are gone then
	checkMode(t, i, "read-write")
}
