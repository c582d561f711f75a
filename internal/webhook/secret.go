package webhook

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
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

func newSecretKey(sessionKey []byte) secretKey {
	key, err := hkdf.Key(sha256.New, sessionKey, nil, "docket webhooks: secrets", sha256.Size)
	if err != nil {
		panic(err) // the length is wrong
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // only a key of another length
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // only a block of another size
	}
	return secretKey{aead}
}

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
	return k.aead.Seal(nil, nil, secret, secretOf(id, url))
}

// open decrypts a secret, or returns errSecret.
func (k secretKey) open(sealed []byte, id uuid.UUID, url string) ([]byte, error) {
	secret, err := k.aead.Open(nil, nil, sealed, secretOf(id, url))
	if err != nil {
		return nil, errSecret
	}
	return secret, nil
}

func secretOf(id uuid.UUID, url string) []byte { return []byte(id.String() + " " + url) }
