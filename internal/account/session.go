package account

import (
	"context"
	"net/http"
	"time"

	"github.com/gorilla/sessions"

	"docket/db"
	"docket/internal/batch"
	"docket/internal/bearertoken"
	"docket/internal/mac"
	"docket/internal/postgres"
	"docket/internal/sleep"
)

const (
	sessionAge  = 12 * time.Hour   // no session lives longer
	sessionIdle = 30 * time.Minute // nor one of an agent or admin that is idle for this long
	valuesKey   = "session"

	confirmedFor = 10 * time.Minute // after password and code were shown; the function session_admin has the same
)

// Background is the header of requests that a page makes by itself: they do not keep the session from becoming idle.
const Background = "Docket-Background"

// Sessions is a gorilla/sessions Store on the primary. The browser holds a random token, the database its SHA-256;
// a session belongs to an account and is new at every sign-in.
type Sessions struct {
	primary     *postgres.Pool
	q           *db.Queries
	lately      *validSessions
	checks      *batch.Batcher[db.SessionGetParams, *db.SessionGetRow]
	staffFactor bool
	cookie      sessions.Options
	macKey      mac.Key
	name        string
	former      string // what earlier releases call the cookie; they run beside this one during an upgrade
}

var _ sessions.Store = (*Sessions)(nil)

// NewSessions stores sessions on the primary. Nobody must have a second factor: see WithStaffFactor.
func NewSessions(primary *postgres.Pool, cookies Cookies) *Sessions {
	s := &Sessions{primary: primary, q: db.New(), lately: &validSessions{}, name: cookies.Name("docket"), former: cookies.formerName("docket"), cookie: sessions.Options{
		Path: "/", MaxAge: int(sessionAge.Seconds()), HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: cookies.https,
	}}
	s.checks = batch.NewReads(primary, checkBatches, s.queryAll)
	return s
}

// WithStaffFactor says whether agents and admins must have a second factor.
func (s *Sessions) WithStaffFactor(required bool) *Sessions {
	s.staffFactor = required
	return s
}

// WithSessionKey makes the database believe this instance: it checks codes that are made with a key of the session key.
func (s *Sessions) WithSessionKey(sessionKey []byte) *Sessions {
	s.macKey = mac.NewKey(sessionKey)
	return s
}

// Current is the session of a request; the zero Session when there is none.
func (s *Sessions) Current(r *http.Request) (Session, error) {
	session, err := s.Get(r, s.name)
	if err != nil {
		return Session{}, err
	}
	current, _ := session.Values[valuesKey].(Session)
	if current.Account() != (Account{}) {
		s.lately.note(current.tokenHash, time.Now())
	}
	return current, nil
}

// StillValid reports whether the session of the request is still valid and complete, however long the request has lasted. It
// does not touch the session. While the database cannot be reached the session counts as valid.
func (s *Sessions) StillValid(r *http.Request) bool {
	untouched := r.Clone(r.Context())
	untouched.Header.Set(Background, "1")
	session, err := s.New(untouched, s.name)
	if err != nil {
		return true
	}
	current, _ := session.Values[valuesKey].(Session)
	return current.Account() != Account{}
}

// SignIn begins a new session for the account and ends the one that the request came with. The session of an account that has
// changed since it was read is not valid.
func (s *Sessions) SignIn(w http.ResponseWriter, r *http.Request, a Account) (Session, error) {
	return s.begin(w, r, Session{Owner: a})
}

// begin begins a session and ends the one that the request came with.
func (s *Sessions) begin(w http.ResponseWriter, r *http.Request, begun Session) (Session, error) {
	old, err := s.Get(r, s.name)
	if err != nil {
		return Session{}, err
	}
	if err := s.deleteSession(r.Context(), old.ID); err != nil {
		return Session{}, err
	}
	session := s.newSession()
	session.Values[valuesKey] = begun
	if err := s.Save(r, w, session); err != nil {
		return Session{}, err
	}
	begun, _ = session.Values[valuesKey].(Session)
	return begun, nil
}

// Renew gives the session of a request another token, after a stage of it, and returns the session as it is now.
func (s *Sessions) Renew(w http.ResponseWriter, r *http.Request) (Session, error) {
	session, err := s.Get(r, s.name)
	if err != nil || session.IsNew {
		return Session{}, err
	}
	token := bearertoken.New()
	current, renewed := bearertoken.Hash(session.ID), bearertoken.Hash(token)
	ok, err := s.q.SessionRenew(r.Context(), s.primary, db.SessionRenewParams{
		TokenHash: current, RenewedHash: renewed, Mac: s.macKey.Sum("session renew", current, renewed),
	})
	if err != nil {
		return Session{}, postgres.WrapError("renew a session", err)
	}
	if !ok {
		return Session{}, nil
	}
	s.setCookies(w, token, session.Options)
	return s.find(r.Context(), token, false)
}

// SignOut ends the request's session, wherever else it is open too.
func (s *Sessions) SignOut(w http.ResponseWriter, r *http.Request) error {
	session, err := s.Get(r, s.name)
	if err != nil {
		return err
	}
	if cookie, err := r.Cookie(s.former); err == nil {
		if err := s.deleteSession(r.Context(), cookie.Value); err != nil {
			return err
		}
	}
	session.Options.MaxAge = -1
	return s.Save(r, w, session)
}

// Get implements sessions.Store.
func (s *Sessions) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New implements sessions.Store. An unknown cookie gives an empty session and no error.
func (s *Sessions) New(r *http.Request, name string) (*sessions.Session, error) {
	session := s.newSession()
	cookie, err := r.Cookie(name)
	if err != nil {
		cookie, err = r.Cookie(s.former)
	}
	if err != nil {
		return session, nil
	}
	current, err := s.find(r.Context(), cookie.Value, r.Header.Get(Background) == "")
	if err != nil || current.Owner == (Account{}) {
		return session, err
	}
	session.ID, session.IsNew = cookie.Value, false
	session.Values[valuesKey] = current
	return session, nil
}

// find is the session of a token; the zero Session when there is none. With touch it is not idle.
func (s *Sessions) find(ctx context.Context, token string, touch bool) (Session, error) {
	hash := bearertoken.Hash(token)
	row, err := s.query(ctx, db.SessionGetParams{
		TokenHash: hash, AgeMs: sessionAge.Milliseconds(), IdleMs: sessionIdle.Milliseconds(), ConfirmedMs: confirmedFor.Milliseconds(), Touch: touch,
	})
	if err != nil {
		return Session{}, postgres.WrapError("find a session", err)
	}
	if row == nil {
		return Session{}, nil
	}
	found := Session{
		Owner:  Account{ID: row.ID, Email: row.Email, Role: Role(row.Role), User: row.UserID, version: row.Version},
		Factor: row.Factor, Confirmed: row.Confirmed, TimeZone: row.TimeZone, Language: row.ChosenLanguage, Provider: row.AtProvider, tokenHash: hash,
	}
	if !found.Provider {
		found.Stage = s.stageOf(Role(row.Role), row.Factor, row.FactorAtMs != nil, row.MustChangePassword)
	}
	return found, nil
}

// Save implements sessions.Store: it stores a new session of an account, or ends one whose MaxAge is below zero. It stores
// no values but the account.
func (s *Sessions) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	if session.Options.MaxAge < 0 {
		s.setCookies(w, "", session.Options)
		return s.deleteSession(r.Context(), session.ID)
	}
	begun, ok := session.Values[valuesKey].(Session)
	if !ok || session.ID != "" {
		return nil
	}
	session.ID = bearertoken.New()
	add := s.addSession
	if begun.begun != nil {
		add = s.addProviderSession
	}
	begun, err := add(r.Context(), session.ID, begun, browserOf(r.UserAgent()))
	if err != nil {
		return err
	}
	session.Values[valuesKey] = begun
	s.setCookies(w, session.ID, session.Options)
	return nil
}

func (s *Sessions) setCookies(w http.ResponseWriter, token string, options *sessions.Options) {
	for _, name := range []string{s.name, s.former} {
		http.SetCookie(w, sessions.NewCookie(name, token, options))
	}
}

// Sweep deletes expired sessions from time to time until ctx ends.
func (s *Sessions) Sweep(ctx context.Context) error {
	for sleep.For(ctx, 10*time.Minute) == nil {
		_ = s.q.SessionDeleteOld(ctx, s.primary, sessionAge.Milliseconds()) // the next round tries again
	}
	return nil
}

func (s *Sessions) newSession() *sessions.Session {
	session := sessions.NewSession(s, s.name)
	options := s.cookie
	session.Options, session.IsNew = &options, true
	return session
}

// addSession adds a session of an account, and returns the zero Session when the account has changed since it was read.
func (s *Sessions) addSession(ctx context.Context, token string, begun Session, browser string) (Session, error) {
	hash, owner := bearertoken.Hash(token), begun.Owner
	row, err := s.q.SessionAdd(ctx, s.primary, db.SessionAddParams{
		TokenHash: hash, AccountID: owner.ID, AccountVersion: owner.version, Browser: browser, ReadMs: owner.readMs,
		Mac: s.macKey.Sum("session begin", hash, mac.ID(owner.ID), mac.Int(owner.version), mac.Text(browser), mac.Int(owner.readMs)),
	})
	if postgres.IsNoRows(err) {
		return Session{}, nil
	}
	if err != nil {
		return Session{}, postgres.WrapError("add a session", err)
	}
	stage := s.stageOf(owner.Role, row.Factor, false, row.MustChangePassword)
	return Session{Owner: owner, Stage: stage, Factor: row.Factor, Confirmed: !row.Factor, tokenHash: hash}, nil
}

func (s *Sessions) deleteSession(ctx context.Context, token string) error {
	if token == "" {
		return nil
	}
	defer s.lately.forget(bearertoken.Hash(token))
	if err := s.q.SessionDelete(ctx, s.primary, bearertoken.Hash(token)); err != nil {
		return postgres.WrapError("end a session", err)
	}
	return nil
}
