package account

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/bearertoken"
	"docket/internal/mac"
	"docket/internal/postgres"
)

const maxPeople = 200 // that are listed at once

// Why an admin may not change an account.
var (
	ErrNotConfirmed   = errors.New("the admin has not shown password and code in the last ten minutes")
	ErrSelf           = errors.New("an admin does not change the own account so")
	ErrAccountChanged = errors.New("the account has changed meanwhile")
)

// InviteByLink adds an account without a password and returns the token of a link that sets one. An account that has no password yet
// is invited again. It returns ErrEmail or ErrEmailTaken, and needs the owner of the tables.
func (a *Accounts) InviteByLink(ctx context.Context, email string, role Role) (Account, string, error) {
	if email = EmailOfAccount(email); email == "" {
		return Account{}, "", ErrEmail
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Account{}, "", postgres.WrapError("make an account id", err)
	}
	row, err := a.q.AccountAddInvited(ctx, a.primary, db.AccountAddInvitedParams{ID: id, Email: email, Role: string(role)})
	if postgres.IsNoRows(err) {
		return Account{}, "", ErrEmailTaken
	}
	if err != nil {
		return Account{}, "", postgres.WrapError("invite somebody", err)
	}
	token, err := a.AddLink(ctx, ResetLink, InviteLife, row.ID, nil)
	return fromRow(db.Account(row), 0), token, err
}

// Change is what an admin does with another account. Each ends its sessions.
type Change string

// The changes, beside a new role.
const (
	Disable   Change = "disable"
	Enable    Change = "enable"
	SignOut   Change = "sign_out"
	FactorOff Change = "factor_off"
)

// NewRole is the change to a role.
func NewRole(r Role) Change { return Change(r) }

// Person is an account as admins see it.
type Person struct {
	Listed
	Version    int64     // of what a change depends on
	SignedInAt time.Time // zero: never
	Invited    bool      // it has no password yet
	Provider   bool      // its owner signs in at a provider, which says the role
	Teams      []string
	Attributes map[string]string
}

// People lists agents and admins whose address has a text in it, and the account that has this very address, by address. more says
// that there are others.
func (a *Accounts) People(ctx context.Context, find string) (people []Person, more bool, err error) {
	rows, err := a.q.PeopleList(ctx, a.primary, db.PeopleListParams{Find: NormalizeEmail(find), AgeMs: sessionAge.Milliseconds(), Most: maxPeople + 1})
	if err != nil {
		return nil, false, postgres.WrapError("list people", err)
	}
	for _, row := range rows[:min(len(rows), maxPeople)] {
		people = append(people, personFromRow(db.PersonGetRow(row)))
	}
	return people, len(rows) > maxPeople, nil
}

// Person is one account as admins see it, or returns ErrNoAccount.
func (a *Accounts) Person(ctx context.Context, id uuid.UUID) (Person, error) {
	row, err := a.q.PersonGet(ctx, a.primary, db.PersonGetParams{ID: id, AgeMs: sessionAge.Milliseconds()})
	if postgres.IsNoRows(err) {
		return Person{}, ErrNoAccount
	}
	if err != nil {
		return Person{}, postgres.WrapError("find an account", err)
	}
	return personFromRow(row), nil
}

func personFromRow(r db.PersonGetRow) Person {
	return Person{
		Listed:  listedFromRow(db.AccountListRow{Account: r.Account, Sessions: r.Sessions, Factor: r.Factor}),
		Version: r.Account.Version, SignedInAt: postgres.TimeOrZero(postgres.OrNull(r.SignedInMs)), Invited: r.Account.PasswordHash == "" && !r.AtProvider, Provider: r.AtProvider, Teams: r.Teams,
		Attributes: attributesOf(r.Account.Attributes),
	}
}

// ChangeAsAdmin changes another account by the admin of a session. version is that of the account as the admin has seen it. It returns
// ErrNotConfirmed, ErrSelf, ErrNoAccount, ErrAccountChanged, or ErrUnconfirmed for one that is to become staff.
func (a *Accounts) ChangeAsAdmin(ctx context.Context, s Session, id uuid.UUID, version int64, change Change) error {
	outcome, err := a.q.AccountChange(ctx, a.primary, db.AccountChangeParams{
		SessionHash: s.tokenHash, ID: id, Version: version, Change: string(change),
		Mac: a.macKey.Sum("account change", s.tokenHash, mac.ID(id), mac.Int(version), mac.Text(string(change))),
	})
	return checkOutcome("change an account", outcome, err, map[string]error{
		"self": ErrSelf, "unknown": ErrNoAccount, "changed": ErrAccountChanged, "not_confirmed": ErrUnconfirmed,
	})
}

// InviteAsAdmin adds an account without a password by the admin of a session. Its owner sets one by a link: with mail it is sent by
// e-mail, otherwise its token is returned. An account that has no password yet is invited again. It returns ErrEmail, ErrEmailTaken or
// ErrNotConfirmed.
func (a *Accounts) InviteAsAdmin(ctx context.Context, s Session, email string, role Role, mail bool) (owner uuid.UUID, token string, err error) {
	if email = EmailOfAccount(email); email == "" {
		return uuid.Nil, "", ErrEmail
	}
	now, err := a.primary.Now(ctx)
	if err != nil {
		return uuid.Nil, "", err
	}
	params := db.AccountInviteParams{SessionHash: s.tokenHash, Email: email, Role: string(role), ExpiresAtMs: now.Add(InviteLife).UnixMilli()}
	if params.ID, err = uuid.NewV7(); err != nil {
		return uuid.Nil, "", postgres.WrapError("make an account id", err)
	}
	if !mail {
		token = bearertoken.New()
		params.LinkHash = bearertoken.Hash(token)
	}
	params.Mac = a.macKey.Sum("account invite", s.tokenHash, mac.ID(params.ID), mac.Text(email), mac.Text(string(role)), params.LinkHash, mac.Int(params.ExpiresAtMs))
	row, err := a.q.AccountInvite(ctx, a.primary, params)
	return row.Owner, token, checkOutcome("invite somebody", row.Outcome, err, map[string]error{"taken": ErrEmailTaken})
}
