package openid

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// clockSkew is how far the clocks of the provider and of docket may differ.
const clockSkew = time.Minute

// confirmedFor is how long after a password was shown at the provider a sign-in counts as a confirmation.
const confirmedFor = 5 * time.Minute

const idTokenPurpose = "id token"

// Person is who has signed in at the provider, and what the claims give them.
type Person struct {
	Issuer, Subject string
	Session         string // the provider's name of its session; empty: it gives none
	Email           string
	Role            string            // customer, agent or admin; empty: no access
	Teams           []string          // nil: docket says
	UserID          string            // of their tickets; empty: the claim is not usable
	Attributes      map[string]string // by name; empty where the claim says nothing usable
	Confirmed       bool              // they have shown there just now that it is them
	IDToken         []byte            // encrypted, for the sign-out
}

// Answer is what became of a sign-in.
type Answer struct {
	Person Person
	Next   string // as Begin got it
}

// Finish ends a sign-in with the query that the browser came back with, and what it has kept. It returns one of the errors of this
// package. Next of the answer is known then, too, unless it is ErrFlow.
func (p *Provider) Finish(ctx context.Context, query url.Values, kept string) (Answer, error) {
	begun, err := p.openFlow(kept)
	if err != nil || subtle.ConstantTimeCompare([]byte(begun.State), []byte(query.Get("state"))) != 1 {
		return Answer{}, ErrFlow
	}
	answer := Answer{Next: begun.Next}
	d := p.found.Load()
	if d == nil {
		return answer, ErrAway
	}
	if issuer := query.Get("iss"); issuer != p.Issuer && (issuer != "" || d.metadata.NamesItself) {
		return answer, fmt.Errorf("%w: it names the issuer %q", ErrToken, issuer)
	}
	if code := query.Get("error"); code != "" {
		return answer, fmt.Errorf("%w: %q", ErrRefused, code)
	}
	ctx = oidc.ClientContext(ctx, p.client)
	tokens, err := d.oauth.Exchange(ctx, query.Get("code"), oauth2.VerifierOption(begun.Verifier))
	if err != nil {
		return answer, exchangeError(err)
	}
	token, claims, err := p.checkIDToken(ctx, d, tokens, begun)
	if err != nil {
		return answer, err
	}
	if claims, err = addUserInfo(ctx, d, tokens, token, claims); err != nil {
		return answer, err
	}
	answer.Person, err = p.personOf(token, claims)
	answer.Person.Confirmed = p.showedPassword(claims)
	if begun.Again && !answer.Person.Confirmed {
		return answer, fmt.Errorf("%w: it did not ask for the password again", ErrToken)
	}
	raw, _ := tokens.Extra("id_token").(string)
	answer.Person.IDToken = p.sealer.seal(idTokenPurpose, []byte(raw))
	return answer, err
}

// exchangeError is why a code gave no tokens. What the provider says is for the log.
func exchangeError(err error) error {
	if said, ok := errors.AsType[*oauth2.RetrieveError](err); ok && said.Response.StatusCode < 500 {
		return fmt.Errorf("%w: status %d, %q", ErrRefused, said.Response.StatusCode, said.ErrorCode)
	}
	return fmt.Errorf("%w: %w", ErrAway, err)
}

// checkIDToken checks everything that the ID token must be: signature, issuer, audience, times, nonce, and the access token's hash.
func (p *Provider) checkIDToken(ctx context.Context, d *discovered, tokens *oauth2.Token, begun flow) (*oidc.IDToken, map[string]any, error) {
	raw, ok := tokens.Extra("id_token").(string)
	if !ok {
		return nil, nil, fmt.Errorf("%w: it has no ID token", ErrToken)
	}
	token, err := d.verifier.Verify(ctx, raw)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrToken, err)
	}
	var claims map[string]any
	if err := token.Claims(&claims); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrToken, err)
	}
	if err := p.checkTimes(token.IssuedAt, token.Expiry, claims); err != nil {
		return nil, nil, err
	}
	party, named := claims["azp"]
	switch {
	case subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(begun.Nonce)) != 1:
		return nil, nil, fmt.Errorf("%w: the nonce is another one", ErrToken)
	case named && party != p.ClientID, !named && len(token.Audience) > 1:
		return nil, nil, fmt.Errorf("%w: the ID token is for somebody else, too", ErrToken)
	case token.Subject == "" || len(token.Subject) > 255:
		return nil, nil, fmt.Errorf("%w: the subject is missing or too long", ErrToken)
	case token.AccessTokenHash != "" && token.VerifyAccessToken(tokens.AccessToken) != nil:
		return nil, nil, fmt.Errorf("%w: the access token is another one", ErrToken)
	}
	return token, claims, nil
}

// checkTimes refuses a token that has ended, or that begins later than now, by more than the clocks may differ.
func (p *Provider) checkTimes(issued, expiry time.Time, claims map[string]any) error {
	now := p.now()
	begin, _ := claims["nbf"].(float64)
	if now.After(expiry.Add(clockSkew)) || now.Add(clockSkew).Before(issued) || now.Add(clockSkew).Before(time.Unix(int64(begin), 0)) {
		return fmt.Errorf("%w: it is not valid at this time", ErrToken)
	}
	return nil
}

// addUserInfo adds to the claims of the ID token what the provider says at its userinfo endpoint.
func addUserInfo(ctx context.Context, d *discovered, tokens *oauth2.Token, token *oidc.IDToken, claims map[string]any) (map[string]any, error) {
	if d.provider.UserInfoEndpoint() == "" {
		return claims, nil
	}
	info, err := d.provider.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
	if err != nil {
		return nil, fmt.Errorf("%w: userinfo: %w", ErrAway, err)
	}
	if info.Subject != token.Subject {
		return nil, fmt.Errorf("%w: userinfo is of somebody else", ErrToken)
	}
	var all map[string]any
	if err := info.Claims(&all); err != nil {
		return nil, fmt.Errorf("%w: userinfo: %w", ErrToken, err)
	}
	maps.Copy(all, claims)
	return all, nil
}

// personOf is what the claims say of somebody. An expression that cannot be evaluated gives no access, and is logged.
func (p *Provider) personOf(token *oidc.IDToken, claims map[string]any) (Person, error) {
	found := Person{Issuer: token.Issuer, Subject: token.Subject}
	found.Session, _ = claims["sid"].(string)
	role, err := p.role.role(claims)
	if err != nil {
		p.log.Warn("somebody got no access at sign-in, as the claims do not fit the setting", "error", err)
		return found, nil
	}
	if found.Role = role; role == "" {
		return found, nil
	}
	if p.teams != nil {
		if found.Teams, err = p.teams.teams(claims); err != nil {
			p.log.Warn("somebody got no teams at sign-in, as the claims do not fit the setting", "error", err)
			found.Teams = []string{}
		}
	}
	found.Attributes = p.attributesOf(claims)
	found.UserID, err = textClaim(claims, p.UserClaim)
	if err != nil && role == "customer" {
		return found, fmt.Errorf("%w: %w", ErrUser, err)
	}
	if strings.HasPrefix(found.UserID, "link:") { // drafts of submission links are kept under such names
		return found, fmt.Errorf("%w: it begins like that of a submission link", ErrUser)
	}
	found.Email, err = emailOf(claims)
	return found, err
}

// showedPassword reports whether the provider says that it has asked who it is a moment ago.
func (p *Provider) showedPassword(claims map[string]any) bool {
	at, ok := claims["auth_time"].(float64)
	return ok && p.now().Sub(time.Unix(int64(at), 0)) < confirmedFor
}
