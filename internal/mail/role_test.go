package mail_test

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"docket/internal/account"
	"docket/internal/mac"
	"docket/internal/postgres"
)

// TestOutbox_AppRole does everything with the rights of docs/role.sql.
func TestOutbox_AppRole(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	role := "app_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	grants, err := os.ReadFile("../../docs/role.sql")
	if err != nil {
		t.Fatal(err)
	}
	owner := o.pool
	o.exec(strings.ReplaceAll(string(grants), "docket_app", role))
	t.Cleanup(func() {
		for _, statement := range []string{"DROP OWNED BY " + role, "DROP ROLE " + role} {
			if _, err := owner.Exec(context.WithoutCancel(t.Context()), statement); err != nil {
				t.Error(err)
			}
		}
	})
	if _, err := mac.Register(t.Context(), owner, mac.NewKey([]byte("key")), false); err != nil {
		t.Fatal(err)
	}
	url := owner.Config().ConnConfig.Copy().ConnString()
	if o.pool, err = postgres.Connect(t.Context(), url+"&options=-c%20role%3D"+role); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.pool.Close)
	o.users = account.NewAccounts(o.pool, account.Config{SessionKey: []byte("key")})
	outbox := o.open(o.server.URL)
	o.run(outbox)
	const base = "http://docket.test"
	if err := o.users.SignUp(t.Context(), account.Client{}, "ann@example.com", "correct horse battery", "en"); err != nil {
		t.Fatal(err)
	}
	confirm := o.server.Wait(t, "ann@example.com").Path(t, base)
	if _, err := o.users.Confirm(t.Context(), strings.TrimPrefix(confirm, "/confirm/")); err != nil {
		t.Fatal(err)
	}
	if err := outbox.CountRequest(t.Context(), "ann@example.com", netip.MustParseAddr("192.0.2.7")); err != nil {
		t.Fatal(err)
	}
	if err := outbox.AskReset(t.Context(), "ann@example.com"); err != nil {
		t.Fatal(err)
	}
	reset := o.server.Wait(t, "ann@example.com").Path(t, base)
	owned, err := o.users.ResetPassword(t.Context(), account.Client{}, strings.TrimPrefix(reset, "/reset/"), "another horse battery")
	if err != nil {
		t.Fatal(err)
	}
	o.server.Wait(t, "ann@example.com") // that the password was changed
	if err := o.users.RememberLanguage(t.Context(), owned.ID, "vi"); err != nil {
		t.Error(err)
	}
	if err := outbox.NotifyNewDevice(t.Context(), owned.ID); err != nil {
		t.Error(err)
	}
	o.exec("SELECT mail_sweep()")
	for _, statement := range []string{
		"UPDATE accounts SET confirmed = true", "UPDATE accounts SET password_hash = 'x'", "DELETE FROM accounts", "UPDATE account_links SET kind = 'reset'",
	} {
		_, err := o.pool.Exec(t.Context(), statement)
		if answer, ok := errors.AsType[*pgconn.PgError](err); !ok || answer.Code != "42501" {
			t.Errorf("%s: %v, want that it is not allowed", statement, err)
		}
	}
}
