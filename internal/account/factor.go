package account

import (
	"context"
	"errors"
	"time"

	"docket/db"
	"docket/internal/mac"
	"docket/internal/postgres"
)

// Why a code or a change of the second factor is refused.
var (
	ErrWrongCode = errors.New("the code is wrong, or was used before")
	ErrFirstCode = errors.New("the code is not one of the new second factor")
	ErrEnrolment = errors.New("the new second factor is of another session")
	ErrFactorKey = errors.New("the second factor was encrypted with another session key")
)

// Factor is the second factor of an account.
type Factor struct {
	Since         time.Time
	RecoveryCodes int64 // that are left
}

// Proof is what somebody shows again before the second factor is changed: the password and, if there is a factor, a code.
type Proof struct{ Password, Code string }

// usedCode is a code that matches: the step of a code of the app, or the hash of a recovery code that may exist.
type usedCode struct {
	step     *int64
	recovery []byte
}

// Factor is the second factor of an account; false when it has none.
func (a *Accounts) Factor(ctx context.Context, owner Account) (Factor, bool, error) {
	row, err := a.q.FactorState(ctx, a.primary, owner.ID)
	if postgres.IsNoRows(err) {
		return Factor{}, false, nil
	}
	if err != nil {
		return Factor{}, false, postgres.WrapError("find a second factor", err)
	}
	return Factor{Since: time.UnixMilli(row.CreatedAtMs), RecoveryCodes: row.RecoveryCodes}, true, nil
}

// ConfirmFactor notes that the owner of a session has shown a code of the app or a recovery code, and uses it up. It returns
// whether it is a recovery code, or ErrWrongCode, TooManyTries, or ErrFactorKey for a code of the app.
func (a *Accounts) ConfirmFactor(ctx context.Context, s Session, code string) (recovery bool, err error) {
	used, err := a.checkCode(ctx, s.Owner, code)
	if err != nil {
		return false, err
	}
	done, err := a.confirmSession(ctx, s, used)
	return used.recovery != nil, a.finishCode(ctx, s.Owner, "confirm a session", done, err)
}

// ConfirmAgain notes that the owner of a session has shown the password and, if there is a factor, a code just now, so that the session
// is Confirmed. It returns what SignIn and ConfirmFactor return of the proof, or ErrSignedOut.
func (a *Accounts) ConfirmAgain(ctx context.Context, client Client, s Session, proof Proof) error {
	used, err := a.checkProof(ctx, client, s, proof)
	if err != nil {
		return err
	}
	done, err := a.confirmSession(ctx, s, used)
	if err == nil && !done && !s.Factor {
		return ErrSignedOut
	}
	return a.finishCode(ctx, s.Owner, "confirm a session again", done, err)
}

func (a *Accounts) confirmSession(ctx context.Context, s Session, used usedCode) (done bool, err error) {
	return a.q.SessionConfirm(ctx, a.primary, db.SessionConfirmParams{
		SessionHash: s.tokenHash, Step: used.step, RecoveryHash: used.recovery,
		Mac: a.macKey.Sum("session confirm", s.tokenHash, mac.IntOrNull(used.step), used.recovery),
	})
}

// SetFactor gives the owner of a session the second factor of an enrolment, of which firstCode is a code, in place of the one that
// there is, and returns its recovery codes. A session that was asked for a factor needs no proof. It returns ErrEnrolment,
// ErrFirstCode, what SignIn and ConfirmFactor return of the proof, or ErrSignedOut.
func (a *Accounts) SetFactor(ctx context.Context, client Client, s Session, sealed, firstCode string, proof Proof) ([]string, error) {
	secret, err := a.openEnrolment(s, sealed)
	if err != nil {
		return nil, err
	}
	now, err := a.primary.Now(ctx)
	if err != nil {
		return nil, err
	}
	first, ok := matchStep(secret, normalizeCode(firstCode), now)
	if !ok {
		return nil, ErrFirstCode
	}
	var used usedCode
	if s.Stage != NeedsFactor {
		if used, err = a.checkProof(ctx, client, s, proof); err != nil {
			return nil, err
		}
	}
	codes, hashes := newRecoveryCodes(s.Owner.ID)
	stored := a.sealSecret(s.Owner, secret)
	done, err := a.q.FactorSetOwn(ctx, a.primary, db.FactorSetOwnParams{
		SessionHash: s.tokenHash, Secret: stored, FirstStep: first, RecoveryHashes: hashes, Step: used.step, RecoveryHash: used.recovery,
		Mac: a.macKey.Sum("session set factor", s.tokenHash, stored, mac.Int(first), mac.List(hashes), mac.IntOrNull(used.step), used.recovery),
	})
	if err == nil && !done && !s.Factor {
		return nil, ErrSignedOut
	}
	return codes, a.finishCode(ctx, s.Owner, "set a second factor", done, err)
}

// RemoveFactor takes the second factor from the owner of a session. It returns what SignIn and ConfirmFactor return of the proof.
func (a *Accounts) RemoveFactor(ctx context.Context, client Client, s Session, proof Proof) error {
	used, err := a.checkProof(ctx, client, s, proof)
	if err != nil {
		return err
	}
	done, err := a.q.FactorRemoveOwn(ctx, a.primary, db.FactorRemoveOwnParams{
		SessionHash: s.tokenHash, Step: used.step, RecoveryHash: used.recovery,
		Mac: a.macKey.Sum("session remove factor", s.tokenHash, mac.IntOrNull(used.step), used.recovery),
	})
	return a.finishCode(ctx, s.Owner, "remove a second factor", done, err)
}

// RenewRecoveryCodes replaces the recovery codes of the owner of a session. It returns what SignIn and ConfirmFactor return of the
// proof.
func (a *Accounts) RenewRecoveryCodes(ctx context.Context, client Client, s Session, proof Proof) ([]string, error) {
	used, err := a.checkProof(ctx, client, s, proof)
	if err != nil {
		return nil, err
	}
	codes, hashes := newRecoveryCodes(s.Owner.ID)
	done, err := a.q.RecoveryCodesRenewOwn(ctx, a.primary, db.RecoveryCodesRenewOwnParams{
		SessionHash: s.tokenHash, RecoveryHashes: hashes, Step: used.step, RecoveryHash: used.recovery,
		Mac: a.macKey.Sum("session renew recovery codes", s.tokenHash, mac.List(hashes), mac.IntOrNull(used.step), used.recovery),
	})
	return codes, a.finishCode(ctx, s.Owner, "renew recovery codes", done, err)
}

func (a *Accounts) checkProof(ctx context.Context, client Client, s Session, proof Proof) (usedCode, error) {
	if _, err := a.SignIn(ctx, client, s.Owner.Email, proof.Password); err != nil || !s.Factor {
		return usedCode{}, err
	}
	return a.checkCode(ctx, s.Owner, proof.Code)
}

// checkCode counts a try and compares a code. The caller uses it up, and so finds out whether it was used before.
func (a *Accounts) checkCode(ctx context.Context, owner Account, code string) (usedCode, error) {
	if err := a.countTry(ctx, a.newFactorTry(owner)); err != nil {
		return usedCode{}, err
	}
	code = normalizeCode(code)
	if len(code) == recoveryLength {
		return usedCode{recovery: hashRecoveryCode(owner.ID, code)}, nil
	}
	row, err := a.q.FactorGet(ctx, a.primary, owner.ID)
	if postgres.IsNoRows(err) {
		return usedCode{}, ErrWrongCode
	}
	if err != nil {
		return usedCode{}, postgres.WrapError("find a second factor", err)
	}
	secret, err := a.openSecret(owner, row.Secret)
	if err != nil {
		return usedCode{}, err
	}
	step, ok := matchStep(secret, code, time.UnixMilli(row.NowMs))
	if !ok {
		return usedCode{}, ErrWrongCode
	}
	return usedCode{step: &step}, nil
}

// finishCode is the error of a statement that uses a code up. When it has, the tries are forgotten.
func (a *Accounts) finishCode(ctx context.Context, owner Account, what string, done bool, err error) error {
	if err != nil {
		return postgres.WrapError(what, err)
	}
	if !done {
		return ErrWrongCode
	}
	return a.clearTries(ctx, a.newFactorTry(owner))
}
