// Package openid lets people sign in at an OpenID Connect provider: the code flow with PKCE, state and nonce. It says who somebody is
// and what the claims give them; accounts and sessions are made elsewhere.
package openid

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"cel.dev/cel-go/cel"
	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"docket/internal/sessionkey"
	"docket/internal/sleep"
)

const (
	firstRetry = time.Second
	lastRetry  = 15 * time.Second
	renewal    = time.Hour       // how often the provider's description is read again
	callTime   = 5 * time.Second // for one call to the provider
	maxAnswer  = 1 << 20         // of the provider, in bytes
)

var stringsType = reflect.TypeFor[[]string]()

// Why nobody can sign in at the provider, or somebody cannot.
var (
	ErrAway    = errors.New("the provider cannot be reached")
	ErrFlow    = errors.New("the sign-in was not begun by this browser, or too long ago")
	ErrRefused = errors.New("the provider has refused the sign-in")
	ErrToken   = errors.New("the answer of the provider is not valid")
	ErrEmail   = errors.New("the provider names no e-mail address that it has verified")
	ErrUser    = errors.New("the claim of the user is not usable")
)

// Config says at which provider people sign in, and what its claims mean.
type Config struct {
	Issuer       string
	ClientID     string
	ClientSecret string   // empty: a public client
	Name         string   // of the provider, for people; empty: the host of the issuer
	Scopes       string   // beside openid, with spaces between them
	Role         string   // a CEL expression of claims: customer, agent, admin, or empty for no access
	Teams        string   // a CEL expression of claims: the teams of an agent; empty: docket says
	UserClaim    string   // which claim is the user of a customer's tickets
	Attributes   []string // of accounts, each named as its claim, or NAME=CLAIM
}

// Validate returns what is wrong with the settings.
func (c Config) Validate() error {
	_, _, err := c.compile()
	u, parseErr := url.Parse(c.Issuer)
	if parseErr != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.RawQuery+u.Fragment != "" {
		err = errors.Join(err, fmt.Errorf("OIDC_ISSUER (--oidc-issuer) must be an address such as https://login.example.com, and not %q", c.Issuer))
	}
	if c.ClientID == "" {
		err = errors.Join(err, errors.New("OIDC_CLIENT_ID (--oidc-client-id) is required with OIDC_ISSUER"))
	}
	for _, text := range c.Attributes {
		if name, claim, renamed := strings.Cut(text, "="); !attributeName().MatchString(name) || name == "email" || name == "user_id" || renamed && claim == "" {
			err = errors.Join(err, fmt.Errorf("OIDC_ATTRIBUTES (--oidc-attributes) names claims such as department, or NAME=CLAIM with a name of lower-case letters, digits and _, but not email and user_id; not %q", text))
		}
	}
	if c.UserClaim == "" {
		err = errors.Join(err, errors.New("OIDC_USER_CLAIM (--oidc-user-claim) names a claim, such as sub"))
	}
	return err
}

func (c Config) compile() (role, teams *claimExpression, err error) {
	role, err = compileClaims("OIDC_ROLE (--oidc-role)", c.Role, cel.StringType)
	if c.Teams != "" {
		var teamsErr error
		teams, teamsErr = compileClaims("OIDC_TEAMS (--oidc-teams)", c.Teams, cel.ListType(cel.StringType))
		err = errors.Join(err, teamsErr)
	}
	return role, teams, err
}

// Provider is one at which people sign in. It may be away: then nobody can, and all else works.
type Provider struct {
	Config
	role, teams *claimExpression
	baseURL     string // at which people reach docket
	sealer      sealer
	client      *http.Client
	log         *slog.Logger
	now         func() time.Time
	found       atomic.Pointer[discovered]
}

// discovered is what a provider says of itself.
type discovered struct {
	provider *oidc.Provider
	oauth    oauth2.Config
	verifier *oidc.IDTokenVerifier
	metadata metadata
}

// metadata is what docket needs of a provider's description, beside what go-oidc reads.
type metadata struct {
	EndSession   string   `json:"end_session_endpoint"`
	NamesItself  bool     `json:"authorization_response_iss_parameter_supported"`
	AuthMethods  []string `json:"token_endpoint_auth_methods_supported"`
	Authorize    string   `json:"authorization_endpoint"`
	JWKS         string   `json:"jwks_uri"`
	TokenAddress string   `json:"token_endpoint"`
}

// New is a provider whose settings are valid. People reach docket at baseURL.
func New(c Config, baseURL string, sessionKey []byte, log *slog.Logger, now func() time.Time) (*Provider, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	role, teams, err := c.compile()
	if err != nil {
		return nil, err
	}
	p := &Provider{Config: c, role: role, teams: teams, baseURL: strings.TrimSuffix(baseURL, "/"), sealer: sealer{sessionkey.NewCipher(sessionKey, "docket openid")}, log: log, now: now}
	p.client = &http.Client{
		Timeout: callTime, Transport: boundedTransport{http.DefaultTransport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return errors.New("the provider redirects") },
	}
	return p, nil
}

// Title is the provider's name for people.
func (p *Provider) Title() string {
	if p.Name != "" {
		return p.Name
	}
	u, err := url.Parse(p.Issuer)
	if err != nil {
		return p.Issuer
	}
	return u.Hostname()
}

// Ready reports whether people can sign in.
func (p *Provider) Ready() bool { return p.found.Load() != nil }

// Run reads the provider's description until it has it, and then once an hour, until ctx ends.
func (p *Provider) Run(ctx context.Context) error {
	pause := firstRetry
	for {
		err := p.discover(ctx)
		switch {
		case err == nil:
			pause = renewal
		case ctx.Err() != nil:
			return nil
		default:
			p.log.Warn("nobody can sign in at the provider now, or what is known of it grows old", "issuer", p.Issuer, "retry", pause.String(), "error", err)
		}
		if sleep.For(ctx, pause) != nil {
			return nil
		}
		if err == nil {
			pause = firstRetry
			continue
		}
		pause = min(pause*2, lastRetry)
	}
}

func (p *Provider) discover(ctx context.Context) error {
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.Issuer)
	if err != nil {
		return err
	}
	d := &discovered{provider: provider}
	if err := provider.Claims(&d.metadata); err != nil {
		return err
	}
	if d.metadata.Authorize == "" || d.metadata.TokenAddress == "" || d.metadata.JWKS == "" {
		return errors.New("the description of the provider lacks authorization_endpoint, token_endpoint or jwks_uri")
	}
	if former := p.found.Load(); former != nil && former.metadata.JWKS == d.metadata.JWKS {
		d.verifier = former.verifier // it remembers keys
	} else {
		d.verifier = provider.Verifier(&oidc.Config{ClientID: p.ClientID, SkipExpiryCheck: true}) // times are checked with more patience
	}
	d.oauth = oauth2.Config{
		ClientID: p.ClientID, ClientSecret: p.ClientSecret, Endpoint: provider.Endpoint(), RedirectURL: p.baseURL + "/oidc/callback",
		Scopes: append([]string{oidc.ScopeOpenID}, strings.Fields(p.Scopes)...),
	}
	d.oauth.Endpoint.AuthStyle = d.metadata.authStyle(p.ClientSecret)
	p.found.Store(d)
	return nil
}

// authStyle is how docket shows its secret. It is chosen here, as a second try with the same code would fail.
func (m metadata) authStyle(secret string) oauth2.AuthStyle {
	basic := len(m.AuthMethods) == 0 || slices.Contains(m.AuthMethods, "client_secret_basic")
	if secret == "" || !basic && slices.Contains(m.AuthMethods, "client_secret_post") {
		return oauth2.AuthStyleInParams
	}
	return oauth2.AuthStyleInHeader
}
