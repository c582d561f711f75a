package sessionkey_test

import (
	"encoding/hex"
	"testing"

	"docket/internal/sessionkey"
)

// What is kept in databases and cookies was made with these keys.
func TestDerive_StaysTheSame(t *testing.T) {
	t.Parallel()
	for purpose, want := range map[string]string{
		"docket database":       "ca951503ddfb014c57ed74b84648f4695a6d522dd9217a4170c5f2d530e27c69",
		"docket second factors": "58d3cfa9027b205f632424c5898503d50bbb0c617c925b2091f116419628e898",
	} {
		if got := hex.EncodeToString(sessionkey.Derive([]byte("0123456789abcdef0123456789abcdef"), purpose)); got != want {
			t.Errorf("%s: got %s, want %s", purpose, got, want)
		}
	}
}

func TestNewCipher_OneKeyForEachPurpose(t *testing.T) {
	t.Parallel()
	key := []byte("0123456789abcdef0123456789abcdef")
	sealed := sessionkey.NewCipher(key, "one").Seal(nil, nil, []byte("plain"), nil)
	if opened, err := sessionkey.NewCipher(key, "one").Open(nil, nil, sealed, nil); err != nil || string(opened) != "plain" {
		t.Errorf("opened %q, error %v", opened, err)
	}
	if _, err := sessionkey.NewCipher(key, "another").Open(nil, nil, sealed, nil); err == nil {
		t.Error("it was opened with the key of another purpose")
	}
}
