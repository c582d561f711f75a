package account_test

import (
	"bytes"
	"errors"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"

	"docket/db"
	"docket/internal/account"
	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

// cheapParams hash in less time than most tests take.
var cheapParams = &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 8, KeyLength: 16}

// signingIn is a database with the account ann@example.com, whose password is oldPassword.
type signingIn struct {
	*testing.T
	pool     *postgres.Pool
	accounts *account.Accounts
	id       uuid.UUID
}

func newSigningIn(t *testing.T) *signingIn {
	t.Helper()
	pool := connect(t, testdb.New(t).Primary)
	hash, err := argon2id.CreateHash(oldPassword, cheapParams)
	if err != nil {
		t.Fatal(err)
	}
	ann, err := db.New().AccountAdd(t.Context(), pool, db.AccountAddParams{
		ID: uuid.New(), Email: "ann@example.com", Role: string(account.Customer), PasswordHash: hash,
	})
	if err != nil {
		t.Fatal(err)
	}
	accounts := account.NewAccounts(pool, account.Config{SessionKey: []byte("key")})
	return &signingIn{T: t, pool: pool, accounts: accounts, id: ann.ID}
}

func (s *signingIn) exec(sql string) {
	s.Helper()
	if _, err := s.pool.Exec(s.Context(), sql); err != nil {
		s.Fatal(err)
	}
}

// try signs in, and returns the error.
func (s *signingIn) try(client account.Client, email, password string) error {
	_, err := s.accounts.SignIn(s.Context(), client, email, password)
	return err
}

// wantWait makes a try that has to wait, and returns for how long.
func (s *signingIn) wantWait(client account.Client, email string) time.Duration {
	s.Helper()
	tries, ok := errors.AsType[account.TooManyTries](s.try(client, email, oldPassword))
	if !ok {
		s.Fatal("one more try need not wait")
	}
	return tries.Wait
}

// exhaust tries a wrong password until one has to wait.
func (s *signingIn) exhaust(client account.Client, email string) (compared int) {
	s.Helper()
	for ; compared < 200; compared++ {
		switch err := s.try(client, email, newPassword); {
		case errors.Is(err, account.ErrTooMany):
			return compared
		case !errors.Is(err, account.ErrWrongPassword):
			s.Fatal(err)
		}
	}
	s.Fatal("200 wrong passwords, and one may go on")
	return compared
}

// lockOut tries a wrong password until one has to wait for a quarter of an hour.
func (s *signingIn) lockOut(client account.Client, email string) {
	s.Helper()
	s.exhaust(client, email)
	s.exec("UPDATE tries SET level = 20, at_ms = now_ms() WHERE level > 9.5")
}

func from(addr string) account.Client { return account.Client{Addr: netip.MustParseAddr(addr)} }

// on is a device on which the account has signed in.
func (s *signingIn) on(addr string) account.Client {
	devices := newDevices(false, 1)
	return account.Client{Addr: netip.MustParseAddr(addr), Device: devices.Of(remember(devices, newRequest(), s.id))}
}

// TestTries_Grow sets the last try back, as if time had passed.
func TestTries_Grow(t *testing.T) {
	t.Parallel()
	s := newSigningIn(t)
	stranger := from("203.0.113.7")
	if n := s.exhaust(stranger, "ann@example.com"); n < 10 || n > 12 {
		t.Errorf("%d tries are free, want 10", n)
	}
	var before time.Duration
	for range 20 {
		wait := s.wantWait(stranger, "ann@example.com")
		if wait+time.Second < before || wait > 15*time.Minute {
			t.Errorf("wait %s after %s", wait, before)
		}
		if again := s.wantWait(stranger, " ANN@example.com"); again > wait {
			t.Errorf("a try that had to wait was counted: %s, then %s", wait, again)
		}
		before = wait
		s.exec("UPDATE tries SET at_ms = at_ms - " + strconv.FormatInt(wait.Milliseconds(), 10))
		if err := s.try(stranger, "ann@example.com", newPassword); !errors.Is(err, account.ErrWrongPassword) {
			t.Fatalf("after %s: %v", wait, err)
		}
	}
	if before < 14*time.Minute {
		t.Errorf("the longest wait is %s, want 15 minutes", before)
	}
	s.exec("UPDATE tries SET at_ms = at_ms - 24 * 3600 * 1000")
	if n := s.exhaust(stranger, "ann@example.com"); n < 10 || n > 12 {
		t.Errorf("a day later %d tries are free, want 10", n)
	}
}

func TestTries_UnknownAddress(t *testing.T) {
	t.Parallel()
	s := newSigningIn(t)
	for _, email := range []string{"nobody@example.com", "no address", ""} {
		if n := s.exhaust(from("203.0.113.7"), email); n < 10 || n > 12 {
			t.Errorf("%q: %d tries are free, want 10 as of a known address", email, n)
		}
	}
}

// TestTries_StrangersLockNobodyOut also tries with a device that another account has signed in on.
func TestTries_StrangersLockNobodyOut(t *testing.T) {
	t.Parallel()
	s := newSigningIn(t)
	known := s.on("203.0.113.7")
	s.lockOut(from("203.0.113.7"), "ann@example.com")
	if err := s.try(known, "ann@example.com", oldPassword); err != nil {
		t.Errorf("a known device: %v", err)
	}
	s.wantWait(from("198.51.100.1"), "ann@example.com")
	bob := *s
	bob.id = uuid.New()
	s.wantWait(bob.on("198.51.100.1"), "ann@example.com")

	s.lockOut(known, "ann@example.com")
	s.wantWait(known, "ann@example.com")
	if err := s.try(s.on("203.0.113.7"), "ann@example.com", oldPassword); err != nil {
		t.Errorf("another known device: %v", err)
	}
}

func TestTries_GivenBack(t *testing.T) {
	t.Parallel()
	s := newSigningIn(t)
	stranger := from("203.0.113.7")
	for range 3 {
		for range 9 {
			if err := s.try(stranger, "ann@example.com", newPassword); !errors.Is(err, account.ErrWrongPassword) {
				t.Fatal(err)
			}
		}
		if err := s.try(stranger, "ann@example.com", oldPassword); err != nil {
			t.Fatalf("the right password after nine wrong ones: %v", err)
		}
	}
	var own, network float64
	if err := s.pool.QueryRow(t.Context(), "SELECT min(level), max(level) FROM tries").Scan(&own, &network); err != nil {
		t.Fatal(err)
	}
	if own != 0 || network < 26 || network > 27 {
		t.Errorf("of 27 wrong passwords %.1f are counted for the account, want none; %.1f for the network, want all", own, network)
	}
}

func TestTries_LinkGivesBack(t *testing.T) {
	t.Parallel()
	s := newSigningIn(t)
	stranger := from("203.0.113.7")
	s.lockOut(stranger, "ann@example.com")
	token, err := s.accounts.AddLink(t.Context(), account.ResetLink, account.ResetLife, s.id, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.accounts.ResetPassword(t.Context(), stranger, token, newPassword); err != nil {
		t.Fatal(err)
	}
	if err := s.try(stranger, "ann@example.com", newPassword); err != nil {
		t.Errorf("after a link has set a new password: %v", err)
	}
}

// TestTries_Network tries one password of many addresses.
func TestTries_Network(t *testing.T) {
	t.Parallel()
	s := newSigningIn(t)
	for _, test := range []struct{ first, same, other string }{
		{"203.0.113.7", "::ffff:203.0.113.7", "203.0.113.8"},
		{"2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1"},
	} {
		if err := s.try(from(test.first), uuid.NewString(), newPassword); !errors.Is(err, account.ErrWrongPassword) {
			t.Fatal(err)
		}
		s.exec("UPDATE tries SET level = 98, at_ms = now_ms() WHERE level > 0") // as after 98 addresses
		tries := 98
		for ; errors.Is(s.try(from(test.first), uuid.NewString(), newPassword), account.ErrWrongPassword); tries++ {
		}
		if tries < 100 || tries > 102 {
			t.Errorf("%s: %d tries are free, want 100", test.first, tries)
		}
		s.exec("UPDATE tries SET level = 120, at_ms = now_ms() WHERE level > 98")
		same := netip.MustParseAddr(test.same).Unmap()
		s.wantWait(account.Client{Addr: same}, uuid.NewString())
		s.wantWait(account.Client{Addr: same}, "ann@example.com")
		if err := s.try(s.on(test.first), "ann@example.com", oldPassword); err != nil {
			t.Errorf("a known device in %s: %v", test.first, err)
		}
		for _, other := range []string{test.other, "127.0.0.1", "::1"} {
			if err := s.try(from(other), "ann@example.com", oldPassword); err != nil {
				t.Errorf("%s: %v", other, err)
			}
		}
	}
}

// TestTries_Loopback has no count for this machine, behind which may be a proxy with everybody.
func TestTries_Loopback(t *testing.T) {
	t.Parallel()
	s := newSigningIn(t)
	for _, addr := range []string{"127.0.0.1", "127.1.2.3", "::1"} {
		if err := s.try(from(addr), "ann@example.com", newPassword); !errors.Is(err, account.ErrWrongPassword) {
			t.Error(err)
		}
	}
	var subjects int
	if err := s.pool.QueryRow(t.Context(), "SELECT count(*) FROM tries").Scan(&subjects); err != nil || subjects != 1 {
		t.Errorf("%d subjects are counted, %v; want that of the address alone", subjects, err)
	}
}

// TestTries_OneOfMany lets one try of sixteen pass, again and again, when a wait is over.
func TestTries_OneOfMany(t *testing.T) {
	t.Parallel()
	s := newSigningIn(t)
	params := db.TryCountParams{Subjects: [][]byte{bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)}, Free: []int32{10, 100}, ForgetMs: []int64{900_000, 60_000}}
	count := func(passed *atomic.Int64) {
		switch wait, err := db.New().TryCount(t.Context(), s.pool, params); {
		case err != nil:
			t.Error(err)
		case wait == 0:
			passed.Add(1)
		}
	}
	count(new(atomic.Int64))
	for range 30 {
		s.exec("UPDATE tries SET level = 19.5, at_ms = now_ms() - 950000 WHERE subject = '\\x" + strings.Repeat("01", 32) + "'")
		var passed atomic.Int64
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() { count(&passed) })
		}
		all.Wait()
		if n := passed.Load(); n != 1 {
			t.Fatalf("%d of 16 tries at once passed, want 1", n)
		}
	}
}

// TestTries_AllAtOnce tries on two instances.
func TestTries_AllAtOnce(t *testing.T) {
	t.Parallel()
	s := newSigningIn(t)
	other := account.NewAccounts(s.pool, account.Config{SessionKey: []byte("key")})
	var compared atomic.Int64
	var all sync.WaitGroup
	for i := range 200 {
		accounts := []*account.Accounts{s.accounts, other}[i%2]
		all.Go(func() {
			_, err := accounts.SignIn(t.Context(), from("203.0.113.7"), "ann@example.com", newPassword)
			if errors.Is(err, account.ErrWrongPassword) {
				compared.Add(1)
			}
		})
	}
	all.Wait()
	if n := compared.Load(); n < 1 || n > 20 {
		t.Errorf("%d of 200 wrong passwords were compared, want at most 20", n)
	}
}

func TestTries_DeletedWhenOld(t *testing.T) {
	t.Parallel()
	s := newSigningIn(t)
	const hour = "3600 * 1000"
	s.exec("INSERT INTO tries (subject, level, at_ms) SELECT sha256(h::text::bytea), 1, now_ms() - (h - 0.5) * " + hour + " FROM generate_series(1, 30) h")
	if err := db.New().TryDeleteOld(t.Context(), s.pool); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := s.pool.QueryRow(t.Context(), "SELECT count(*) FROM tries").Scan(&left); err != nil || left != 24 {
		t.Errorf("%d of the tries of 30 hours are left, %v; want those of 24", left, err)
	}
}

// TestTries_CannotBeCounted compares no password when the primary takes no writes.
func TestTries_CannotBeCounted(t *testing.T) {
	t.Parallel()
	s := newSigningIn(t)
	readOnly, err := postgres.Connect(t.Context(), s.pool.Config().ConnString()+"&default_transaction_read_only=on")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(readOnly.Close)
	accounts := account.NewAccounts(readOnly, account.Config{})
	for _, password := range []string{oldPassword, newPassword} {
		if _, err := accounts.SignIn(t.Context(), account.Client{}, "ann@example.com", password); !errors.Is(err, ticket.ErrUnavailable) {
			t.Errorf("sign in: %v, want ErrUnavailable", err)
		}
	}
}
