// Package testprovider runs the OpenID Connect provider of zitadel/oidc for tests, on loopback.
package testprovider

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/uuid"
	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"docket/internal/openid"
)

// What docket and every user have at the provider.
const (
	ClientID     = "docket"
	ClientSecret = "a secret of the client"
	Password     = "verysecure"
)

// User is somebody who can sign in at the provider, with Password.
type User struct {
	ID, Name, Email string
	Unverified      bool // the address
	Groups          []string
}

// Provider is a running provider.
type Provider struct {
	*storage.Storage
	Issuer string
	server *httptest.Server

	mu       sync.Mutex // guards the rest
	users    map[string]User
	base     string // of docket
	key      signingKey
	tampered func(claims map[string]any)
}

// Start runs a provider until the test ends.
func Start(t testing.TB, users ...User) *Provider {
	t.Helper()
	p := &Provider{users: map[string]User{}, key: newKey(t)}
	for _, u := range users {
		p.users[u.ID] = u
	}
	p.server = httptest.NewUnstartedServer(nil)
	p.Issuer = "http://" + p.server.Listener.Addr().String()
	p.Storage = storage.NewStorageWithClients(p, map[string]*storage.Client{ClientID: storage.WebClient(ClientID, ClientSecret)})
	slog.SetDefault(slog.New(slog.DiscardHandler)) // the example logs there
	p.server.Config.Handler = p.tamper(exampleop.SetupServer(p.Issuer, p, nil, false))
	return p
}

// Run starts to answer. docket is reached at base.
func (p *Provider) Run(t testing.TB, base string) {
	p.mu.Lock()
	p.base = base
	p.mu.Unlock()
	p.server.Start()
	t.Cleanup(p.server.Close)
}

// Config is what docket needs to know of the provider, with a role by group.
func (p *Provider) Config() *openid.Config {
	return &openid.Config{
		Issuer: p.Issuer, ClientID: ClientID, ClientSecret: ClientSecret, Name: "Example", Scopes: "email profile", UserClaim: "sub",
		Role:  `'docket-admin' in claims.groups ? 'admin' : 'agents' in claims.groups ? 'agent' : 'customers' in claims.groups ? 'customer' : ''`,
		Teams: `claims.groups.filter(g, g.startsWith('team-'))`,
	}
}

// Set adds or changes a user.
func (p *Provider) Set(u User) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.users[u.ID] = u
}

// Rotate lets the provider sign with another key.
func (p *Provider) Rotate(t testing.TB) {
	t.Helper()
	key := newKey(t)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.key = key
}

// LogoutToken is what the provider sends when a session has ended there; change may change its claims.
func (p *Provider) LogoutToken(t testing.TB, subject string, change func(claims map[string]any)) string {
	t.Helper()
	now := time.Now()
	claims := map[string]any{
		"iss": p.Issuer, "sub": subject, "aud": ClientID, "iat": now.Unix(), "exp": now.Add(2 * time.Minute).Unix(), "jti": uuid.NewString(),
		"events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}},
	}
	if change != nil {
		change(claims)
	}
	token, err := p.sign(claims)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func (p *Provider) sign(claims map[string]any) (string, error) {
	p.mu.Lock()
	key := p.key
	p.mu.Unlock()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key.private, KeyID: key.id}}, nil)
	if err != nil {
		return "", err
	}
	plain, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(plain)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

// signingKey is a key of the provider, private and public.
type signingKey struct {
	id      string
	private *rsa.PrivateKey
}

func newKey(t testing.TB) signingKey {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return signingKey{uuid.NewString(), private}
}

func (k signingKey) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k signingKey) Key() any                                    { return k.private }
func (k signingKey) ID() string                                  { return k.id }

type publicKey struct{ signingKey }

func (k publicKey) Algorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k publicKey) Use() string                        { return "sig" }
func (k publicKey) Key() any                           { return &k.private.PublicKey }

// SigningKey implements op.Storage.
func (p *Provider) SigningKey(context.Context) (op.SigningKey, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.key, nil
}

// KeySet implements op.Storage.
func (p *Provider) KeySet(context.Context) ([]op.Key, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return []op.Key{publicKey{p.key}}, nil
}

// client is docket, with the addresses that it has now.
type client struct {
	op.Client
	base string
}

func (c client) RedirectURIs() []string           { return []string{c.base + "/oidc/callback"} }
func (c client) PostLogoutRedirectURIs() []string { return []string{c.base + "/login"} }

// GetClientByClientID implements op.Storage.
func (p *Provider) GetClientByClientID(ctx context.Context, id string) (op.Client, error) {
	found, err := p.Storage.GetClientByClientID(ctx, id)
	p.mu.Lock()
	defer p.mu.Unlock()
	return client{found, p.base}, err
}

// SetUserinfoFromToken implements op.Storage; it adds the groups.
func (p *Provider) SetUserinfoFromToken(ctx context.Context, info *oidc.UserInfo, tokenID, subject, origin string) error {
	p.mu.Lock()
	groups := p.users[subject].Groups
	p.mu.Unlock()
	info.AppendClaims("groups", append([]string{}, groups...))
	return p.Storage.SetUserinfoFromToken(ctx, info, tokenID, subject, origin)
}

// GetUserByID implements storage.UserStore.
func (p *Provider) GetUserByID(id string) *storage.User {
	p.mu.Lock()
	defer p.mu.Unlock()
	u, ok := p.users[id]
	if !ok {
		return nil
	}
	return &storage.User{ID: u.ID, Username: u.Name, Password: Password, Email: u.Email, EmailVerified: !u.Unverified}
}

// GetUserByUsername implements storage.UserStore.
func (p *Provider) GetUserByUsername(name string) *storage.User {
	p.mu.Lock()
	id := ""
	for _, u := range p.users {
		if u.Name == name {
			id = u.ID
		}
	}
	p.mu.Unlock()
	return p.GetUserByID(id)
}

// ExampleClientID implements storage.UserStore.
func (p *Provider) ExampleClientID() string { return storage.ServiceUserID }
