package openid

import (
	"crypto/cipher"
	"errors"
)

var errSealed = errors.New("this was not sealed with the session key, or for another purpose")

// sealer encrypts what is kept elsewhere: in a cookie, or in the database.
type sealer struct{ aead cipher.AEAD }

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
