package account

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"
)

// hashParams is OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
var hashParams = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// match says how a password and a hash belong together.
type match int

const (
	matchNone  match = iota
	matchTyped       // as it was typed: releases before this one hashed it so
	matchNFC         // in the normal form that does not depend on the keyboard
)

// hashPassword hashes a password in NFC.
func (a *Accounts) hashPassword(ctx context.Context, client Client, password string) (hash string, err error) {
	err = a.hashing.run(ctx, NetworkOf(client.Addr), len(client.Device.accounts) > 0, func() error {
		hash, err = argon2id.CreateHash(norm.NFC.String(password), hashParams)
		return err
	})
	return hash, err
}

// placeholderHash is compared with the password of an unknown address, so that it takes as long as a known one.
var placeholderHash = sync.OnceValues(func() (string, error) { return argon2id.CreateHash("no account has this password", hashParams) })

// comparePassword compares a password with a hash; it is empty if the address is unknown. known says that the client's device is.
func (a *Accounts) comparePassword(ctx context.Context, client Client, known bool, password, hash string) (found match, err error) {
	exists := hash != ""
	if !exists {
		if hash, err = placeholderHash(); err != nil {
			return matchNone, err
		}
	}
	err = a.hashing.run(ctx, NetworkOf(client.Addr), known, func() error {
		found, err = compareForms(password, hash)
		return err
	})
	if errors.Is(err, argon2id.ErrInvalidHash) {
		return matchNone, fmt.Errorf("read a stored password: %w", err)
	}
	if !exists {
		found = matchNone
	}
	return found, err
}

// compareForms compares a password in NFC, and as it was typed if that is something else.
func compareForms(password, hash string) (match, error) {
	normal := norm.NFC.String(password)
	if ok, err := argon2id.ComparePasswordAndHash(normal, hash); err != nil {
		return matchNone, err
	} else if ok {
		return matchNFC, nil
	}
	if normal == password {
		return matchNone, nil
	}
	ok, err := argon2id.ComparePasswordAndHash(password, hash)
	if !ok || err != nil {
		return matchNone, err
	}
	return matchTyped, nil
}
