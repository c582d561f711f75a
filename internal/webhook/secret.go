package webhook

import (
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"

	"github.com/google/uuid"
)

const (
	secretPrefix = "whsec_"
	secretBytes  = 32
)

// errSecret says that a secret was encrypted with another key, or for another webhook or address.
var errSecret = errors.New("the secret of the webhook cannot be decrypted with this SESSION_KEY: rotate it")

// secretKey encrypts the secrets of webhooks: unlike a password, docket has to know them.
type secretKey struct{ aead cipher.AEAD }

// newSecret makes a secret.
func newSecret() []byte {
	secret := make([]byte, secretBytes)
	_, _ = rand.Read(secret) // it never returns an error
	return secret
}

// secretText is a secret as receivers are given it.
func secretText(secret []byte) string {
	return secretPrefix + base64.StdEncoding.EncodeToString(secret)
}

// seal encrypts a secret for a webhook at an address. With another address it cannot be decrypted: whoever can write to the database
// alone has nothing sent to where they want.
func (k secretKey) seal(secret []byte, id uuid.UUID, url string) []byte {
	return k.aead.Seal(nil, nil, secret, secretPurpose(id, url))
}

// open decrypts a secret, or returns errSecret.
func (k secretKey) open(sealed []byte, id uuid.UUID, url string) ([]byte, error) {
	secret, err := k.aead.Open(nil, nil, sealed, secretPurpose(id, url))
	if err != nil {
		return nil, errSecret
	}
	return secret, nil
}

// secretPurpose is what a secret is encrypted for.
func secretPurpose(id uuid.UUID, url string) []byte { return []byte(id.String() + " " + url) }
