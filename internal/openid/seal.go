package openid

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
)

var errSealed = errors.New("this was not sealed with the session key, or for another purpose")

// sealer encrypts what is kept elsewhere: in a cookie, or in the database.
type sealer struct{ aead cipher.AEAD }

func newSealer(sessionKey []byte) sealer {
	key, err := hkdf.Key(sha256.New, sessionKey, nil, "docket openid", 32)
	if err != nil {
		panic(err) // only a key that is longer than HKDF can make
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // only a key of another length
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // only another size of blocks
	}
	return sealer{aead}
}

func (s sealer) seal(purpose string, plain []byte) []byte {
	return s.aead.Seal(nil, nil, plain, []byte(purpose))
}

// open is what seal was given, or returns errSealed.
func (s sealer) open(purpose string, sealed []byte) ([]byte, error) {
	plain, err := s.aead.Open(nil, nil, sealed, []byte(purpose))
	if err != nil {
		return nil, errSealed
	}
	return plain, nil
}
