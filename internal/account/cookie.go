package account

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
)

// Cookies makes the cookies of one ticket system. Browsers share cookies among all ports of a host: the names hold a short hash
// of the session key, so that two ticket systems on one host do not replace each other's.
type Cookies struct {
	https  bool
	suffix string
}

// NewCookies makes cookies for a session key. On https they are Secure and bound to the host.
func NewCookies(https bool, sessionKey []byte) Cookies {
	mac := hmac.New(sha256.New, sessionKey)
	mac.Write([]byte("cookie names"))
	return Cookies{https: https, suffix: "_" + hex.EncodeToString(mac.Sum(nil)[:4])}
}

// Name is how the browser knows the cookie of this name.
func (c Cookies) Name(name string) string { return c.formerName(name) + c.suffix }

// formerName is how earlier releases call the cookie of the session: all systems on a host call it the same.
func (c Cookies) formerName(name string) string {
	if c.https {
		return "__Host-" + name
	}
	return name
}

// New is a cookie that scripts and other sites do not get, for maxAge seconds.
func (c Cookies) New(name, value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: c.Name(name), Value: value, Path: "/", MaxAge: maxAge, HttpOnly: true, Secure: c.https, SameSite: http.SameSiteLaxMode,
	}
}

// Value is the value of the cookie in a request; empty when there is none. What an earlier release has set counts as well.
func (c Cookies) Value(r *http.Request, name string) string {
	for _, known := range []string{c.Name(name), name} {
		if cookie, err := r.Cookie(known); err == nil {
			return cookie.Value
		}
	}
	return ""
}
