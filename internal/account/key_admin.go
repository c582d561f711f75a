package account

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/mac"
	"docket/internal/postgres"
)

// WithSessionKey makes the database believe this instance, where admins add and revoke keys.
func (k *Keys) WithSessionKey(sessionKey []byte) *Keys {
	k.macKey = mac.NewKey(sessionKey)
	return k
}

// AddAsAdmin is AddWithLimits by the admin of a session, or returns ErrNotConfirmed.
func (k *Keys) AddAsAdmin(ctx context.Context, s Session, name string, scopes []Scope, limits KeyLimits) (secret string, err error) {
	key, secret, err := newKey(name, scopes, limits)
	if err != nil {
		return "", err
	}
	outcome, err := k.q.KeyAddAsAdmin(ctx, k.primary, db.KeyAddAsAdminParams{
		SessionHash: s.tokenHash, ID: key.ID, Name: key.Name, KeyHash: key.KeyHash, Scopes: key.Scopes, ExpiresAtMs: key.ExpiresAtMs, NotOwn: key.NotOwn,
		ReturnOrigins: key.ReturnOrigins,
		Mac: k.macKey.Sum("key add with origins", s.tokenHash, mac.ID(key.ID), mac.Text(key.Name), key.KeyHash, mac.Text(strings.Join(key.Scopes, " ")),
			mac.IntOrNull(key.ExpiresAtMs), mac.Bool(key.NotOwn), mac.Text(strings.Join(key.ReturnOrigins, " "))),
	})
	return secret, checkOutcome("add a key", outcome, err, map[string]error{"taken": ErrKeyExists})
}

// RevokeAsAdmin is Revoke by the admin of a session, or returns ErrNotConfirmed.
func (k *Keys) RevokeAsAdmin(ctx context.Context, s Session, id uuid.UUID) error {
	outcome, err := k.q.KeyRevokeAsAdmin(ctx, k.primary, db.KeyRevokeAsAdminParams{
		SessionHash: s.tokenHash, ID: id, Mac: k.macKey.Sum("key revoke", s.tokenHash, mac.ID(id)),
	})
	return checkOutcome("revoke a key", outcome, err, map[string]error{"unknown": ErrKey})
}

// checkOutcome is the error of a function that acts for an admin; of an outcome that is not done it is one of refusals.
func checkOutcome(what, outcome string, err error, refusals map[string]error) error {
	switch {
	case err != nil:
		return postgres.WrapError(what, err)
	case outcome == "unconfirmed":
		return ErrNotConfirmed
	}
	return refusals[outcome]
}
