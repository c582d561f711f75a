// Package bearertoken makes tokens that let in whoever shows them. The database has their hashes only.
package bearertoken

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// New returns 256 random bits as text that can stand in an address.
func New() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // it never returns an error
	return base64.RawURLEncoding.EncodeToString(b)
}

// Hash returns what the database has of a token. Nobody can guess 256 random bits, so one SHA-256 is enough.
func Hash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
