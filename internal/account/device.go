package account

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"github.com/google/uuid"

	"docket/internal/sessionkey"
)

const (
	deviceCookie      = "docket_device"
	deviceAge         = 365 * 24 * time.Hour // since its last sign-in
	accountsPerDevice = 8                    // those that signed in last
)

// Client is who sends a password: the address of the client, not valid when it is unknown, and its device.
type Client struct {
	Addr   netip.Addr
	Device Device
}

// Device is a browser, and the accounts that have signed in with it. The zero Device is unknown.
type Device struct {
	id       uuid.UUID
	accounts []uuid.UUID // the last one first
}

// Knows reports whether an account has signed in on the device before.
func (d Device) Knows(account uuid.UUID) bool { return slices.Contains(d.accounts, account) }

// Devices recognizes devices by a signed cookie.
type Devices struct {
	cookies Cookies
	key     []byte
}

// NewDevices signs with a key that is derived from the session key.
func NewDevices(cookies Cookies, sessionKey []byte) *Devices {
	return &Devices{cookies: cookies, key: sessionkey.Derive(sessionKey, "docket device cookies")}
}

// Of is the device of a request; the zero Device if its cookie is missing, or not one of ours.
func (d *Devices) Of(r *http.Request) Device {
	signed, err := base64.RawURLEncoding.DecodeString(d.cookies.Value(r, deviceCookie))
	if err != nil || len(signed) < sha256.Size+2*len(uuid.UUID{}) {
		return Device{}
	}
	content, signature := signed[:len(signed)-sha256.Size], signed[len(signed)-sha256.Size:]
	if !hmac.Equal(signature, d.sign(content)) {
		return Device{}
	}
	var ids []uuid.UUID
	for part := range slices.Chunk(content, len(uuid.UUID{})) {
		ids = append(ids, uuid.UUID(part))
	}
	return Device{id: ids[0], accounts: ids[1:]}
}

// Remember lets the device of the request be known to an account that has just signed in on it.
func (d *Devices) Remember(w http.ResponseWriter, r *http.Request, account uuid.UUID) {
	device := d.Of(r)
	if device.id == uuid.Nil {
		device.id = uuid.New()
	}
	others := slices.DeleteFunc(device.accounts, func(known uuid.UUID) bool { return known == account })
	accounts := append([]uuid.UUID{account}, others...)
	content := device.id[:]
	for _, id := range accounts[:min(len(accounts), accountsPerDevice)] {
		content = append(content, id[:]...)
	}
	value := base64.RawURLEncoding.EncodeToString(append(content, d.sign(content)...))
	http.SetCookie(w, d.cookies.New(deviceCookie, value, int(deviceAge.Seconds())))
}

func (d *Devices) sign(content []byte) []byte {
	mac := hmac.New(sha256.New, d.key)
	mac.Write(content)
	return mac.Sum(nil)
}
