package testprovider

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
)

// Tamper changes the claims of every ID token from now on, and signs it again; nil: none.
func (p *Provider) Tamper(change func(claims map[string]any)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tampered = change
}

// tamper answers as next does, with ID tokens that Tamper has changed.
func (p *Provider) tamper(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		change := p.tampered
		p.mu.Unlock()
		if change == nil || r.URL.Path != "/oauth/token" {
			next.ServeHTTP(w, r)
			return
		}
		recorded := httptest.NewRecorder()
		next.ServeHTTP(recorded, r)
		var answer map[string]any
		if err := json.Unmarshal(recorded.Body.Bytes(), &answer); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		if token, ok := answer["id_token"].(string); ok {
			answer["id_token"] = p.changeToken(token, change)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(recorded.Code)
		_ = json.NewEncoder(w).Encode(answer) // a client that has gone needs no answer
	})
}

// changeToken is a token with other claims; empty if it cannot be read.
func (p *Provider) changeToken(token string, change func(claims map[string]any)) string {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return ""
	}
	plain, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return ""
	}
	claims := map[string]any{}
	decoder := json.NewDecoder(bytes.NewReader(plain))
	decoder.UseNumber()
	if err := decoder.Decode(&claims); err != nil {
		return ""
	}
	change(claims)
	signed, err := p.sign(claims)
	if err != nil {
		return ""
	}
	return signed
}
