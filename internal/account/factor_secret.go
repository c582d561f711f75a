package account

import (
	"cmp"
	"crypto/cipher"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/pquerna/otp/totp"

	"docket/internal/sessionkey"
)

const (
	maxSealed = 256 // characters of a sealed secret; ours have fewer
	maxIssuer = 60  // characters of what the app calls docket
)

// Enrolment is a second factor that is not set yet: its owner has to show a code of it first.
type Enrolment struct {
	Secret string // in base32, as people type it into an app
	URL    string // the same for a QR code
	Sealed string // keeps the secret on the page, encrypted for the session
}

// NewEnrolment makes a secret for the owner of a session. issuer is what the app calls docket.
func (a *Accounts) NewEnrolment(s Session, issuer string) (Enrolment, error) {
	return a.makeEnrolment(s, totp.GenerateOpts{Issuer: issuer})
}

// ReadEnrolment is the enrolment of an earlier page of the session, or ErrEnrolment.
func (a *Accounts) ReadEnrolment(s Session, issuer, sealed string) (Enrolment, error) {
	secret, err := a.openEnrolment(s, sealed)
	if err != nil {
		return Enrolment{}, err
	}
	return a.makeEnrolment(s, totp.GenerateOpts{Issuer: issuer, Secret: secret})
}

func (a *Accounts) makeEnrolment(s Session, options totp.GenerateOpts) (Enrolment, error) {
	options.Issuer, options.AccountName = issuerName(options.Issuer), s.Owner.Email
	key, err := totp.Generate(options)
	if err != nil {
		return Enrolment{}, fmt.Errorf("make a second factor: %w", err)
	}
	secret, err := base32Text.DecodeString(key.Secret())
	if err != nil {
		return Enrolment{}, fmt.Errorf("make a second factor: %w", err)
	}
	sealed := base64.RawURLEncoding.EncodeToString(a.factorCipher().Seal(nil, nil, secret, enrolmentPurpose(s)))
	return Enrolment{Secret: key.Secret(), URL: key.URL(), Sealed: sealed}, nil
}

// issuerName is a title in one line without colons, at which apps part it from the account, and short enough for a QR code.
func issuerName(title string) string {
	words := []rune(strings.Join(strings.Fields(strings.ReplaceAll(title, ":", " ")), " "))
	return cmp.Or(strings.TrimSpace(string(words[:min(len(words), maxIssuer)])), "docket")
}

// openEnrolment is the secret that was sealed for a session, or ErrEnrolment.
func (a *Accounts) openEnrolment(s Session, sealed string) ([]byte, error) {
	encrypted, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil || len(sealed) > maxSealed {
		return nil, ErrEnrolment
	}
	secret, err := a.factorCipher().Open(nil, nil, encrypted, enrolmentPurpose(s))
	if err != nil {
		return nil, ErrEnrolment
	}
	return secret, nil
}

// sealSecret encrypts the secret of an account for the database.
func (a *Accounts) sealSecret(owner Account, secret []byte) []byte {
	return a.factorCipher().Seal(nil, nil, secret, factorPurpose(owner))
}

// openSecret decrypts the secret of an account, or returns ErrFactorKey.
func (a *Accounts) openSecret(owner Account, sealed []byte) ([]byte, error) {
	secret, err := a.factorCipher().Open(nil, nil, sealed, factorPurpose(owner))
	if err != nil {
		return nil, errors.Join(ErrFactorKey, err)
	}
	return secret, nil
}

// factorPurpose is what a secret is encrypted for: it can be decrypted for nothing else.
func factorPurpose(owner Account) []byte { return []byte("factor " + owner.ID.String()) }

// enrolmentPurpose is the same until the factor is set.
func enrolmentPurpose(s Session) []byte {
	return []byte("enrolment " + hex.EncodeToString(s.tokenHash))
}

// factorCipher encrypts with a key that is derived from the session key.
func (a *Accounts) factorCipher() cipher.AEAD {
	return sessionkey.NewCipher(a.SessionKey, "docket second factors")
}
