package account

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/bearertoken"
	"docket/internal/mac"
	"docket/internal/postgres"
)

// Why somebody who has signed in at a provider gets no session.
var (
	ErrNoAccess   = errors.New("the provider's claims give no access")
	ErrUserTaken  = errors.New("another account has the user that the provider says")
	ErrNoIdentity = errors.New("the owner of the account does not sign in at a provider")
	ErrIdentity   = errors.New("there is no account with this address, or it or the subject is linked already")

	errStale = errors.New("the sign-in took longer than five minutes")
)

// ProviderIdentity is who somebody is at a provider, and what it says of them.
type ProviderIdentity struct {
	Issuer, Subject string
	Email           string
	Role            Role     // empty: no access
	Teams           []string // nil: those of the account stay
	UserID          string   // of the tickets of a new account; empty: the id of the account
}

// ProviderSession is a session that begins at a provider.
type ProviderSession struct {
	Name      string // the provider's; empty: it gives none
	IDToken   []byte // encrypted; the provider gets it back at sign-out
	Confirmed bool   // the owner has shown there just now who it is
}

// SignInAtProvider finds or adds the account of an identity, and gives it the role, address and teams of the identity. former is the
// role that it had; empty for a new account. It returns ErrNoAccess, ErrDisabled, ErrEmail, ErrEmailTaken or ErrUserTaken when it
// may not be: an account of before is never found by its address.
func (a *Accounts) SignInAtProvider(ctx context.Context, who ProviderIdentity) (found Account, former Role, err error) {
	who.Email = EmailOfAccount(who.Email)
	if who.Email == "" && who.Role != "" {
		return Account{}, "", ErrEmail
	}
	if who.Teams != nil { // what can be no team is none
		who.Teams = slices.DeleteFunc(slices.Clone(who.Teams), func(name string) bool { return checkTeams([]string{name}) != nil })
	}
	now, err := a.primary.Now(ctx)
	if err != nil {
		return Account{}, "", err
	}
	params := db.ProviderIdentitySignInParams{Issuer: who.Issuer, Subject: who.Subject, Email: who.Email, UserID: postgres.OrNull(who.UserID), Role: string(who.Role), Teams: who.Teams, ReadMs: now.UnixMilli()}
	if params.ID, err = uuid.NewV7(); err != nil {
		return Account{}, "", postgres.WrapError("make an account id", err)
	}
	var teams *string
	if who.Teams != nil {
		joined := strings.Join(who.Teams, " ")
		teams = &joined
	}
	params.Mac = a.macKey.Sum("provider sign in", mac.Text(who.Issuer), mac.Text(who.Subject), mac.ID(params.ID), mac.Text(who.Email), mac.TextOrNull(params.UserID),
		mac.Text(string(who.Role)), mac.TextOrNull(teams), mac.Int(now.UnixMilli()))
	row, err := a.q.ProviderIdentitySignIn(ctx, a.primary, params)
	err = checkOutcome("sign in at a provider", row.Outcome, err, map[string]error{
		"no_access": ErrNoAccess, "disabled": ErrDisabled, "email_taken": ErrEmailTaken, "user_taken": ErrUserTaken, "stale": errStale,
	})
	if err != nil {
		return Account{ID: row.Owner}, Role(row.FormerRole), err
	}
	read, err := a.q.ProviderIdentityAccount(ctx, a.primary, db.ProviderIdentityAccountParams{Issuer: who.Issuer, Subject: who.Subject})
	if err != nil {
		return Account{}, "", postgres.WrapError("find an account", err)
	}
	found = fromRow(read.Account, read.ReadMs)
	found.User = read.UserID
	return found, Role(row.FormerRole), nil
}

// SignInAtProvider begins a session that began at a provider, as SignIn does. It is complete at once.
func (s *Sessions) SignInAtProvider(w http.ResponseWriter, r *http.Request, a Account, at ProviderSession) (Session, error) {
	return s.begin(w, r, Session{Owner: a, begun: &at})
}

// addProviderSession is addSession for a session that began at a provider.
func (s *Sessions) addProviderSession(ctx context.Context, token string, begun Session, browser string) (Session, error) {
	hash, owner, at := bearertoken.Hash(token), begun.Owner, begun.begun
	ok, err := s.q.SessionAddAtProvider(ctx, s.primary, db.SessionAddAtProviderParams{
		TokenHash: hash, AccountID: owner.ID, AccountVersion: owner.version, Browser: browser, ReadMs: owner.readMs, ProviderSession: at.Name, IDToken: at.IDToken, Confirmed: at.Confirmed,
		Mac: s.macKey.Sum("session begin at provider", hash, mac.ID(owner.ID), mac.Int(owner.version), mac.Text(browser), mac.Int(owner.readMs), mac.Text(at.Name), at.IDToken, mac.Bool(at.Confirmed)),
	})
	if err != nil {
		return Session{}, postgres.WrapError("add a session", err)
	}
	if !ok {
		return Session{}, nil
	}
	return Session{Owner: owner, Confirmed: at.Confirmed, Provider: true, tokenHash: hash}, nil
}

// IDToken is what the provider gets back when a session ends, encrypted; empty for one that began with a password.
func (s *Sessions) IDToken(ctx context.Context, own Session) ([]byte, error) {
	token, err := s.q.SessionIDToken(ctx, s.primary, own.tokenHash)
	if postgres.IsNoRows(err) {
		return nil, nil
	}
	if err != nil {
		return nil, postgres.WrapError("read the ID token of a session", err)
	}
	return token, nil
}

// EndAtProvider ends the sessions that began at a provider until a time: all of a subject, or the one with a name. It counts those of
// each account.
func (s *Sessions) EndAtProvider(ctx context.Context, issuer, subject, name string, until time.Time) (map[uuid.UUID]int64, error) {
	owners, err := s.q.SessionDeleteAtProvider(ctx, s.primary, db.SessionDeleteAtProviderParams{
		Issuer: issuer, Subject: subject, ProviderSession: name, UntilMs: until.UnixMilli(),
	})
	if err != nil {
		return nil, postgres.WrapError("end sessions", err)
	}
	ended := map[uuid.UUID]int64{}
	for _, owner := range owners {
		ended[owner]++
	}
	return ended, nil
}

// Link lets the owner of an account sign in at a provider, and with a password no more: password and second factor are removed, and the
// sessions end. It returns ErrIdentity, and needs the owner of the tables.
func (a *Accounts) Link(ctx context.Context, email, issuer, subject string) error {
	email = NormalizeEmail(email)
	err := postgres.Transact(ctx, a.primary, func(tx pgx.Tx) error {
		added, err := a.q.ProviderIdentityAdd(ctx, tx, db.ProviderIdentityAddParams{Issuer: issuer, Subject: subject, Email: email})
		if err == nil && added == 0 {
			return ErrIdentity
		}
		if err != nil {
			return err
		}
		return a.q.AccountEndPassword(ctx, tx, email)
	})
	if errors.Is(err, ErrIdentity) {
		return ErrIdentity
	}
	if err != nil {
		return postgres.WrapError("link an account", err)
	}
	return nil
}

// Unlink lets the owner of an account sign in at a provider no more, and ends its sessions. It returns ErrNoIdentity, and needs the owner
// of the tables.
func (a *Accounts) Unlink(ctx context.Context, email string) error {
	n, err := a.q.ProviderIdentityDelete(ctx, a.primary, NormalizeEmail(email))
	if err != nil {
		return postgres.WrapError("unlink an account", err)
	}
	if n == 0 {
		return ErrNoIdentity
	}
	_, err = a.signOut(ctx, NormalizeEmail(email))
	return err
}
