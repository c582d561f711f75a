package openid

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// FlowAge is how long somebody may take to sign in at the provider.
const FlowAge = 15 * time.Minute

const flowPurpose = "flow"

// flow is a sign-in that was begun. The browser keeps it, encrypted.
type flow struct {
	State    string `json:"state"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"`
	Next     string `json:"next"`
	Again    bool   `json:"again"`
	EndMs    int64  `json:"end_ms"`
}

// Begin begins a sign-in: it returns where the browser goes, and what it keeps until it comes back. next is where it goes after that.
// With again the provider asks for the password although there is a session, and the sign-in counts as a confirmation.
func (p *Provider) Begin(next string, again bool) (address, kept string, err error) {
	d := p.found.Load()
	if d == nil {
		return "", "", ErrAway
	}
	begun := flow{
		State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Next: next, Again: again, EndMs: p.now().Add(FlowAge).UnixMilli(),
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(begun.Nonce), oauth2.S256ChallengeOption(begun.Verifier)}
	if again {
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	plain, err := json.Marshal(begun)
	if err != nil {
		return "", "", err
	}
	return d.oauth.AuthCodeURL(begun.State, options...), base64.RawURLEncoding.EncodeToString(p.sealer.seal(flowPurpose, plain)), nil
}

// openFlow is the sign-in that a browser has kept, or returns ErrFlow.
func (p *Provider) openFlow(kept string) (begun flow, err error) {
	sealed, err := base64.RawURLEncoding.DecodeString(kept)
	if err != nil {
		return flow{}, ErrFlow
	}
	plain, err := p.sealer.open(flowPurpose, sealed)
	if err != nil || json.Unmarshal(plain, &begun) != nil || p.now().UnixMilli() > begun.EndMs {
		return flow{}, ErrFlow
	}
	return begun, nil
}
