package openid

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// maxLogoutAge is how old a logout token may be.
const maxLogoutAge = 10 * time.Minute

// SignOutOrigin is where a browser is sent at sign-out, as scheme and host; empty: the provider has no page for it.
func (p *Provider) SignOutOrigin() string {
	d := p.found.Load()
	if d == nil || d.metadata.EndSession == "" {
		return ""
	}
	u, err := url.Parse(d.metadata.EndSession)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// SignOutAddress is where a browser signs out at the provider, too, and comes back to a path of docket; empty: there is no such page.
// idToken is that of the session that has ended, encrypted.
func (p *Provider) SignOutAddress(idToken []byte, path string) string {
	if p.SignOutOrigin() == "" || len(idToken) == 0 {
		return ""
	}
	plain, err := p.sealer.open(idTokenPurpose, idToken)
	u, parseErr := url.Parse(p.found.Load().metadata.EndSession)
	if err != nil || parseErr != nil {
		return ""
	}
	q := u.Query()
	q.Set("id_token_hint", string(plain))
	q.Set("client_id", p.ClientID)
	q.Set("post_logout_redirect_uri", p.baseURL+path)
	u.RawQuery = q.Encode()
	return u.String()
}

// Ended is what a logout token says has ended: all sessions of a subject, or one session.
type Ended struct {
	Issuer, Subject, Session string
	Until                    time.Time // sessions that began later go on
}

// CheckLogout checks a logout token, which the provider sends when a session there has ended. It returns ErrToken or ErrAway. A token that
// is sent again ends nothing that began after it was made.
func (p *Provider) CheckLogout(ctx context.Context, raw string) (Ended, error) {
	d := p.found.Load()
	if d == nil {
		return Ended{}, ErrAway
	}
	token, err := d.verifier.VerifyLogout(oidc.ClientContext(ctx, p.client), raw)
	if err != nil {
		return Ended{}, fmt.Errorf("%w: %w", ErrToken, err)
	}
	var claims map[string]any
	if err := token.Claims(&claims); err != nil {
		return Ended{}, fmt.Errorf("%w: %w", ErrToken, err)
	}
	if err := p.checkTimes(token.IssuedAt, token.Expiry, claims); err != nil {
		return Ended{}, err
	}
	if p.now().Sub(token.IssuedAt) > maxLogoutAge {
		return Ended{}, fmt.Errorf("%w: it is too old", ErrToken)
	}
	return Ended{Issuer: token.Issuer, Subject: token.Subject, Session: token.SessionID, Until: token.IssuedAt.Add(clockSkew)}, nil
}
