package account

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	gocache "github.com/patrickmn/go-cache"
	"golang.org/x/sync/singleflight"

	"docket/db"
	"docket/internal/bearertoken"
	"docket/internal/mac"
	"docket/internal/postgres"
	"docket/internal/sleep"
	"docket/internal/ticket"
)

// Scope is one thing that a key may do.
type Scope string

// The scopes.
const (
	LatestRead     Scope = "latest:read"
	TicketsRead    Scope = "tickets:read"
	TicketsWrite   Scope = "tickets:write"
	DecisionsWrite Scope = "decisions:write"
	EventsRead     Scope = "events:read"
	LinksWrite     Scope = "links:write"
	WebhooksWrite  Scope = "webhooks:write"
)

// Scopes lists every scope.
var Scopes = []Scope{LatestRead, TicketsRead, TicketsWrite, DecisionsWrite, WebhooksWrite, EventsRead, LinksWrite}

// How long a key is trusted before it is looked up again: a revoked key works no longer than that.
const (
	keyLifetime        = 3 * time.Second
	replicaKeyLifetime = time.Second // when a replica answered
	keyTimeout         = time.Second // how long one database may take to find a key
	useInterval        = time.Minute // between two records of which keys were used
	keyTrips           = 3           // and as many round trips: to ping, to prepare, to ask
)

// Key is how another system identifies itself to the JSON interface.
type Key struct {
	ID        uuid.UUID
	Name      string
	Scopes    []Scope
	CreatedAt time.Time
	RevokedAt time.Time // zero while it works
	UsedAt    time.Time // to within a minute; zero: never
	KeyLimits
}

// KeyLimits are what a key may be limited by, apart from its scopes.
type KeyLimits struct {
	ExpiresAt time.Time // zero: it does not
	NotOwn    bool      // it does not decide what it submitted

	ReturnOrigins []string // to which its submission links may lead back

	Fixed map[string]string // answers that every ticket has which it sends, by the name of the field
}

// May reports whether the key has a scope.
func (k Key) May(scope Scope) bool { return slices.Contains(k.Scopes, scope) }

// Why a key is refused.
var (
	ErrKey       = errors.New("this key is unknown, expired or was revoked")
	ErrKeyName   = errors.New("a key's name has 1 to 64 letters, digits, dots, dashes or underscores")
	ErrKeyExists = errors.New("a key of this name exists; revoked ones keep their name in the history")
	ErrScope     = fmt.Errorf("a key has one or more of these scopes: %s", joinScopes())
)

// Keys stores API keys in a database: only the hash of each.
type Keys struct {
	primary  *postgres.Pool
	replicas func() []*postgres.Pool // the most current first
	proven   func() []*postgres.Pool // replicas that are up to date
	q        *db.Queries
	known    *gocache.Cache // valid keys only, so it has no more entries than there are keys
	loads    singleflight.Group
	mu       sync.Mutex         // guards used
	used     map[uuid.UUID]bool // keys whose use is not recorded yet
	macKey   mac.Key
}

// NewKeys stores keys on the primary.
func NewKeys(primary *postgres.Pool) *Keys {
	none := func() []*postgres.Pool { return nil }
	return &Keys{primary: primary, replicas: none, proven: none, q: db.New(), known: gocache.New(keyLifetime, 0), used: map[uuid.UUID]bool{}}
}

// WithReplicas lets the first replica that answers identify a key while the primary cannot be reached, so that look-ups
// go on. No key can be revoked meanwhile. While the primary is overloaded, one can be: then only proven replicas do.
func (k *Keys) WithReplicas(replicas, proven func() []*postgres.Pool) *Keys {
	k.replicas, k.proven = replicas, proven
	return k
}

// Add makes a key without limits and returns its secret, which cannot be shown again.
func (k *Keys) Add(ctx context.Context, name string, scopes []Scope) (secret string, err error) {
	return k.AddWithLimits(ctx, name, scopes, KeyLimits{})
}

// AddWithLimits makes a key with limits and returns its secret, which cannot be shown again.
func (k *Keys) AddWithLimits(ctx context.Context, name string, scopes []Scope, limits KeyLimits) (secret string, err error) {
	params, secret, err := newKey(name, scopes, limits)
	if err != nil {
		return "", err
	}
	_, err = k.q.KeyAdd(ctx, k.primary, params)
	if postgres.IsNoRows(err) {
		return "", ErrKeyExists
	}
	if err != nil {
		return "", postgres.WrapError("add a key", err)
	}
	return secret, nil
}

// newKey makes a key. It returns ErrKeyName, ErrScope or ErrOrigin when it may not be.
func newKey(name string, scopes []Scope, limits KeyLimits) (params db.KeyAddParams, secret string, err error) {
	if !validKeyName(name) {
		return params, "", ErrKeyName
	}
	names := make([]string, 0, len(scopes))
	for _, scope := range scopes {
		if !slices.Contains(Scopes, scope) {
			return params, "", ErrScope
		}
		if !slices.Contains(names, string(scope)) {
			names = append(names, string(scope))
		}
	}
	if len(names) == 0 {
		return params, "", ErrScope
	}
	origins, err := readOrigins(limits.ReturnOrigins)
	if err != nil {
		return params, "", err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return params, "", postgres.WrapError("make a key id", err)
	}
	secret = "dk_" + bearertoken.New()
	params = db.KeyAddParams{ID: id, Name: name, KeyHash: bearertoken.Hash(secret), Scopes: names, NotOwn: limits.NotOwn, ReturnOrigins: origins}
	_, params.Fixed = encodeAttributes(limits.Fixed)
	if !limits.ExpiresAt.IsZero() {
		ms := limits.ExpiresAt.UnixMilli()
		params.ExpiresAtMs = &ms
	}
	return params, secret, nil
}

// Check finds the key that has a secret, or returns ErrKey.
func (k *Keys) Check(ctx context.Context, secret string) (Key, error) {
	if known, ok := k.known.Get(secret); ok {
		return known.(Key), nil
	}
	if !strings.HasPrefix(secret, "dk_") {
		return Key{}, ErrKey
	}
	return k.loadKey(ctx, secret)
}

// loadKey finds a key, once for all who show it at a time. A canceled caller does not cancel it.
func (k *Keys) loadKey(ctx context.Context, secret string) (Key, error) {
	done := k.loads.DoChan(secret, func() (any, error) {
		key, life, err := k.findKey(context.WithoutCancel(ctx), bearertoken.Hash(secret))
		if err == nil {
			k.known.Set(secret, key, life)
			k.noteUse(key.ID)
		}
		return key, err
	})
	select {
	case <-ctx.Done():
		return Key{}, ctx.Err()
	case loaded := <-done:
		key, _ := loaded.Val.(Key)
		return key, loaded.Err
	}
}

// findKey asks the primary, or where that refuses the replicas, and says how long the answer may be trusted.
func (k *Keys) findKey(ctx context.Context, hash []byte) (Key, time.Duration, error) {
	key, err := k.queryPrimary(ctx, hash)
	var replicas []*postgres.Pool
	switch {
	case errors.Is(err, ticket.ErrOverloaded), postgres.IsQuiet(err):
		replicas = k.proven()
	case errors.Is(err, ticket.ErrUnavailable):
		replicas = k.replicas()
	}
	for _, replica := range replicas {
		key, replicaErr := k.queryKey(ctx, replica, hash)
		if replicaErr == nil {
			return key, replicaKeyLifetime, nil
		}
		if errors.Is(replicaErr, ErrKey) || ctx.Err() != nil {
			break // it may lack a key that the primary has
		}
	}
	return key, keyLifetime, err
}

// queryPrimary is queryKey for the primary. It does not wait for one that is quiet, if a proven replica can answer.
func (k *Keys) queryPrimary(ctx context.Context, hash []byte) (Key, error) {
	if len(k.proven()) == 0 {
		return k.queryKey(ctx, k.primary, hash)
	}
	var key Key // of a query that may go on
	err := postgres.ReadUnlessQuiet(ctx, k.primary, func(ctx context.Context) (err error) {
		key, err = k.queryKey(ctx, k.primary, hash)
		return err
	})
	if err != nil {
		return Key{}, err
	}
	return key, nil
}

func (k *Keys) queryKey(ctx context.Context, pool *postgres.Pool, hash []byte) (Key, error) {
	ctx, cancel := context.WithTimeout(ctx, keyTimeout+postgres.Trips(pool, keyTrips))
	defer cancel()
	row, err := k.q.KeyByHash(ctx, pool, hash)
	if postgres.IsNoRows(err) {
		return Key{}, ErrKey
	}
	if err != nil {
		return Key{}, postgres.WrapError("find a key", err)
	}
	return keyFromRow(row), nil
}

// noteUse notes that a key was used. A key in use is looked up every few seconds: that is often enough.
func (k *Keys) noteUse(id uuid.UUID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.used[id] = true
}

// RecordUses records which keys were used since the last time. Those that cannot be recorded are recorded the next time.
func (k *Keys) RecordUses(ctx context.Context) error {
	k.mu.Lock()
	ids := slices.Collect(maps.Keys(k.used))
	clear(k.used)
	k.mu.Unlock()
	if len(ids) == 0 {
		return nil
	}
	if err := k.q.KeyUse(ctx, k.primary, ids); err != nil {
		for _, id := range ids {
			k.noteUse(id)
		}
		return postgres.WrapError("record the use of keys", err)
	}
	return nil
}

// Run records once a minute which keys were used, until ctx ends, and then once more.
func (k *Keys) Run(ctx context.Context) error {
	for sleep.For(ctx, useInterval) == nil {
		_ = k.RecordUses(ctx) // the next round tries again
	}
	last, cancel := postgres.DetachWrite(ctx, k.primary)
	defer cancel()
	_ = k.RecordUses(last) // it is not worth to report: the time is about right
	return nil
}

// List is every key, oldest first, also the revoked ones.
func (k *Keys) List(ctx context.Context) ([]Key, error) {
	rows, err := k.q.KeyList(ctx, k.primary)
	if err != nil {
		return nil, postgres.WrapError("list keys", err)
	}
	keys := make([]Key, len(rows))
	for i, row := range rows {
		keys[i] = keyFromRow(row)
	}
	return keys, nil
}

// Revoke ends a key on every instance within five seconds. ErrKey when there is none with this id.
func (k *Keys) Revoke(ctx context.Context, id uuid.UUID) (Key, error) {
	row, err := k.q.KeyRevoke(ctx, k.primary, id)
	if postgres.IsNoRows(err) {
		return Key{}, ErrKey
	}
	if err != nil {
		return Key{}, postgres.WrapError("revoke a key", err)
	}
	return keyFromRow(row), nil
}

func joinScopes() string {
	names := make([]string, len(Scopes))
	for i, scope := range Scopes {
		names[i] = string(scope)
	}
	return strings.Join(names, ", ")
}

func validKeyName(name string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	return len(name) > 0 && len(name) <= 64 && strings.Trim(name, letters+"._-") == "" && strings.ContainsRune(letters, rune(name[0]))
}

func keyFromRow(r db.ApiKey) Key {
	key := Key{
		ID: r.ID, Name: r.Name, CreatedAt: time.UnixMilli(r.CreatedAtMs), RevokedAt: postgres.TimeOrZero(r.RevokedAtMs), UsedAt: postgres.TimeOrZero(r.UsedAtMs),
		KeyLimits: KeyLimits{ExpiresAt: postgres.TimeOrZero(r.ExpiresAtMs), NotOwn: r.NotOwn, ReturnOrigins: r.ReturnOrigins, Fixed: attributesOf(r.Fixed)},
	}
	for _, scope := range r.Scopes {
		key.Scopes = append(key.Scopes, Scope(scope))
	}
	return key
}
