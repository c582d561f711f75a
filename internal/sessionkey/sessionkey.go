// Package sessionkey makes keys of SESSION_KEY, each for one purpose. Instances with the same SESSION_KEY have the same ones. Another
// text for a purpose is another key: what was made with the old one is lost.
package sessionkey

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
)

// Derive returns 32 bytes for a purpose.
func Derive(sessionKey []byte, purpose string) []byte {
	key, err := hkdf.Key(sha256.New, sessionKey, nil, purpose, sha256.Size)
	if err != nil {
		panic(err) // only a key that is longer than HKDF can make
	}
	return key
}

// NewCipher encrypts with a key for a purpose. It takes no nonce: each text that it makes has a random one of its own.
func NewCipher(sessionKey []byte, purpose string) cipher.AEAD {
	block, err := aes.NewCipher(Derive(sessionKey, purpose))
	if err != nil {
		panic(err) // only a key of another length
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // only a block of another size
	}
	return aead
}
