// Package submissionlink keeps submission links: addresses at which a person fills in the form for a user id of another system,
// without an account.
package submissionlink

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/bearertoken"
	"docket/internal/form"
	"docket/internal/mac"
	"docket/internal/postgres"
	"docket/internal/sessionkey"
)

// How long a link may work after it was made.
const (
	MinLife     = 10 * time.Minute
	MaxLife     = 30 * 24 * time.Hour
	DefaultLife = 24 * time.Hour
)

// How many browsers may use a link, and how many codes may be shown to let one in.
const (
	maxBrowsers = 5
	maxTries    = 10
)

// Why a link does not do what is asked.
var (
	ErrNotFound = errors.New("there is no such submission link")
	ErrKey      = errors.New("this key may make no submission links")
	ErrCode     = errors.New("this code does not open the submission link")
	ErrTries    = errors.New("too many codes were shown for the submission link")
)

// Settings are what a key says of a link that it makes.
type Settings struct {
	KeyID     uuid.UUID
	UserID    string        // whose form it is
	ReturnURL string        // where the person goes afterwards; empty: nowhere
	State     string        // comes back with ReturnURL
	Life      time.Duration // how long the link works
	Prefill   form.Input    // answers that the form has already
	Locked    []string      // the fields of Prefill that the person cannot change
	Language  string        // of the form; empty: that of the browser
}

// Link is a submission link.
type Link struct {
	Settings
	ID        uuid.UUID
	KeyName   string
	ExpiresAt time.Time
	Expired   bool
	Revoked   bool      // or its key is
	Ticket    uuid.UUID // that was sent with it; zero: none was
	browsers  [][]byte  // hashes, the first one first
}

// Begun reports whether a browser has opened the link.
func (l Link) Begun() bool { return len(l.browsers) > 0 }

// Knows reports whether the browser with this token may use the link.
func (l Link) Knows(browser string) bool {
	return browser != "" && slices.ContainsFunc(l.browsers, func(known []byte) bool { return string(known) == string(bearertoken.Hash(browser)) })
}

// KnowsFirst reports whether the browser with this token was the first one to open the link.
func (l Link) KnowsFirst(browser string) bool {
	return l.Begun() && browser != "" && string(l.browsers[0]) == string(bearertoken.Hash(browser))
}

// Full reports whether no other browser can be let in.
func (l Link) Full() bool { return len(l.browsers) >= maxBrowsers }

// Links keeps links in a database. It reads the primary only.
type Links struct {
	primary *postgres.Pool
	q       *db.Queries
	macKey  mac.Key
	codeKey []byte
}

// New keeps links on the primary. Their codes are made with a key of the session key.
func New(primary *postgres.Pool, sessionKey []byte) *Links {
	return &Links{primary: primary, q: db.New(), macKey: mac.NewKey(sessionKey), codeKey: sessionkey.Derive(sessionKey, "docket submission link codes")}
}

// Add makes a link and returns it with its token, which cannot be shown again. It returns ErrKey when the key may make none.
func (s *Links) Add(ctx context.Context, settings Settings) (link Link, token string, err error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Link{}, "", fmt.Errorf("make the id of a submission link: %w", err)
	}
	prefill, err := json.Marshal(settings.Prefill)
	if err != nil {
		return Link{}, "", fmt.Errorf("write the answers of a submission link: %w", err)
	}
	token = bearertoken.New()
	hash, life := bearertoken.Hash(token), settings.Life.Milliseconds()
	expiresAt, err := s.q.SubmissionLinkAdd(ctx, s.primary, db.SubmissionLinkAddParams{
		ID: id, TokenHash: hash, KeyID: settings.KeyID, UserID: settings.UserID, ReturnUrl: settings.ReturnURL, State: settings.State,
		Prefill: prefill, Locked: append([]string{}, settings.Locked...), Language: settings.Language, LifeMs: life,
		Mac: s.macKey.Sum("submission link add", mac.ID(id), hash, mac.ID(settings.KeyID), mac.Text(settings.UserID), mac.Int(life)),
	})
	switch {
	case err != nil:
		return Link{}, "", postgres.WrapError("add a submission link", err)
	case expiresAt == 0:
		return Link{}, "", ErrKey
	}
	return Link{Settings: settings, ID: id, ExpiresAt: time.UnixMilli(expiresAt)}, token, nil
}

// Find is the link of a token, whether it still works or not. ErrNotFound when there is none.
func (s *Links) Find(ctx context.Context, token string) (Link, error) {
	row, err := s.q.SubmissionLinkByHash(ctx, s.primary, bearertoken.Hash(token))
	if postgres.IsNoRows(err) {
		return Link{}, ErrNotFound
	}
	if err != nil {
		return Link{}, postgres.WrapError("find a submission link", err)
	}
	l := row.SubmissionLink
	link := Link{
		Settings: Settings{KeyID: l.KeyID, UserID: l.UserID, ReturnURL: l.ReturnUrl, State: l.State, Locked: l.Locked, Language: l.Language},
		ID:       l.ID, KeyName: row.KeyName, ExpiresAt: time.UnixMilli(l.ExpiresAtMs), Expired: row.Expired, Revoked: row.Revoked, browsers: l.Browsers,
		Ticket: postgres.OrZero(row.TicketID),
	}
	if err := json.Unmarshal(l.Prefill, &link.Prefill); err != nil {
		return Link{}, fmt.Errorf("read the answers of a submission link: %w", err)
	}
	return link, nil
}

// Revoke ends a link that a key has made. ErrNotFound when it has made none with this id.
func (s *Links) Revoke(ctx context.Context, keyID, id uuid.UUID) error {
	revoked, err := s.q.SubmissionLinkRevoke(ctx, s.primary, db.SubmissionLinkRevokeParams{ID: id, KeyID: keyID})
	switch {
	case err != nil:
		return postgres.WrapError("revoke a submission link", err)
	case revoked == 0:
		return ErrNotFound
	}
	return nil
}
