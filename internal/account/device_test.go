package account_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
)

// remember lets a device be known to an account, and returns the next request of its browser.
func remember(devices *account.Devices, r *http.Request, id uuid.UUID) *http.Request {
	answer := httptest.NewRecorder()
	devices.Remember(answer, r, id)
	next := newRequest()
	for _, cookie := range answer.Result().Cookies() {
		next.AddCookie(cookie)
	}
	return next
}

func newRequest() *http.Request { return httptest.NewRequest(http.MethodPost, "/login", nil) }

func newDevices(https bool, key byte) *account.Devices {
	secret := bytes.Repeat([]byte{key}, 32)
	return account.NewDevices(account.NewCookies(https, secret), secret)
}

func TestDevices_EightAccounts(t *testing.T) {
	t.Parallel()
	devices := newDevices(true, 1)
	r := newRequest()
	ids := make([]uuid.UUID, 9)
	for i := range ids {
		ids[i] = uuid.New()
		r = remember(devices, r, ids[i])
		r = remember(devices, r, ids[i])
	}
	for i, id := range ids {
		if got, want := devices.Of(r).Knows(id), i > 0; got != want {
			t.Errorf("the device knows account %d of 9: %t, want %t", i+1, got, want)
		}
	}
	if devices.Of(r).Knows(uuid.New()) || devices.Of(r).Knows(uuid.Nil) {
		t.Error("the device knows an account that has not signed in on it")
	}
}

func TestDevices_ForeignCookie(t *testing.T) {
	t.Parallel()
	id := uuid.New()
	known := remember(newDevices(false, 1), newRequest(), id)
	value := known.Cookies()[0].Value
	for name, changed := range map[string]string{
		"one bit":  "A" + value[1:],
		"cut":      value[:len(value)-4],
		"empty":    "",
		"no base":  "%%%",
		"no one's": strings.Repeat("A", 100),
	} {
		if changed == value {
			changed = "B" + value[1:]
		}
		r := newRequest()
		r.AddCookie(&http.Cookie{Name: known.Cookies()[0].Name, Value: changed})
		if newDevices(false, 1).Of(r).Knows(id) {
			t.Errorf("%s: the device is known", name)
		}
	}
	r := newRequest()
	r.AddCookie(&http.Cookie{Name: "docket_device", Value: value})
	if newDevices(false, 2).Of(r).Knows(id) {
		t.Error("a device that another session key has signed is known")
	}
}
