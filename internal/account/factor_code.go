package account

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/hotp"
)

const (
	stepTime       = 30 * time.Second // how long an authenticator app shows one code
	recoveryCodes  = 10
	recoveryLength = 16 // letters of 5 bits
)

var base32Text = base32.StdEncoding.WithPadding(base32.NoPadding)

// matchStep is the step at which an app with this secret shows a code: now, or one step earlier or later, for clocks differ. It is
// false when there is none.
func matchStep(secret []byte, code string, now time.Time) (step int64, ok bool) {
	current := now.UnixMilli() / stepTime.Milliseconds()
	for _, step := range []int64{current, current - 1, current + 1} {
		shown, err := hotp.GenerateCode(base32Text.EncodeToString(secret), uint64(step))
		if err == nil && subtle.ConstantTimeCompare([]byte(shown), []byte(code)) == 1 {
			return step, true
		}
	}
	return 0, false
}

// normalizeCode is a code as it is compared: people type spaces, dashes and small letters.
func normalizeCode(code string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(code))
}

// newRecoveryCodes makes codes of 80 bits, in groups of four letters, and their hashes for an account.
func newRecoveryCodes(owner uuid.UUID) (codes []string, hashes [][]byte) {
	for range recoveryCodes {
		code := rand.Text()[:recoveryLength]
		codes = append(codes, strings.Join([]string{code[:4], code[4:8], code[8:12], code[12:]}, "-"))
		hashes = append(hashes, hashRecoveryCode(owner, code))
	}
	return codes, hashes
}

// hashRecoveryCode needs no key and no cost: nobody can try as many codes as there are.
func hashRecoveryCode(owner uuid.UUID, code string) []byte {
	sum := sha256.Sum256([]byte("recovery code " + owner.String() + " " + code))
	return sum[:]
}
