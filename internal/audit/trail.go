package audit

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/sessionkey"
	"docket/internal/sleep"
	"docket/internal/ticket"
)

const (
	queueSize     = 1 << 15                // entries that wait to be written
	batchSize     = 500                    // entries in one statement
	batchInterval = 100 * time.Millisecond // what is recorded is in the database after that, unless the primary is away
	writeTime     = 5 * time.Second        // for one statement: a server that stands still does not hold up those that follow
	retryInterval = time.Second
	stopTime      = 5 * time.Second // for what is not written yet when the instance stops
)

// Trail records what is done in a database.
type Trail struct {
	primary *postgres.Pool
	q       *db.Queries
	emails  []byte // the key of hashes of e-mail addresses
	log     *slog.Logger
	queue   chan waiting
	hooks   Hooks
	mu      sync.Mutex           // guards repeats
	repeats map[string]time.Time // when an actor's repeated action was recorded last
}

// Hooks are called with what is recorded, and by ReportBursts. Those that are not called may be nil.
type Hooks struct {
	Recorded func(Action)
	Burst    func(actor string) // an agent sees more in a minute than a person can read
}

// waiting is an entry that is not in the database yet.
type waiting struct {
	Entry
	since time.Time
}

// New records on the primary. secret is the same on every instance.
func New(primary *postgres.Pool, secret []byte, log *slog.Logger, hooks Hooks) *Trail {
	return &Trail{
		primary: primary, q: db.New(), emails: sessionkey.Derive(secret, "docket audit: e-mail addresses"), log: log,
		queue: make(chan waiting, queueSize), hooks: hooks, repeats: map[string]time.Time{},
	}
}

// Email is the object of an action on an e-mail address that may belong to nobody: its keyed hash.
func (t *Trail) Email(normalized string) string {
	mac := hmac.New(sha256.New, t.emails)
	mac.Write([]byte(normalized))
	return "email:" + hex.EncodeToString(mac.Sum(nil))
}

// Record records what is done. It is in the database a little later: a process that is killed loses what it has recorded in
// its last tenth of a second. While too much waits to be written, Record waits, too; then it returns ticket.ErrOverloaded,
// and what was not recorded must not be shown.
func (t *Trail) Record(ctx context.Context, e Entry) error {
	t.count(e)
	select {
	case t.queue <- newWaiting(e):
		return nil
	default:
	}
	select {
	case t.queue <- newWaiting(e):
		return nil
	case <-ctx.Done():
		return ticket.ErrOverloaded
	}
}

// RecordRepeated is Record for what a page does again and again by itself: once in a minute for each actor and action.
func (t *Trail) RecordRepeated(ctx context.Context, e Entry) error {
	if !t.shouldRecord(e.Actor+" "+string(e.Action), time.Now()) {
		return nil
	}
	return t.Record(ctx, e)
}

// shouldRecord reports whether a repeated action was not recorded within the last minute, and notes that it is now.
func (t *Trail) shouldRecord(name string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if last, ok := t.repeats[name]; ok && now.Sub(last) < time.Minute {
		return false
	}
	t.repeats[name] = now
	return true
}

// RecordNow records what is about to be done; it is in the database when it returns.
func (t *Trail) RecordNow(ctx context.Context, e Entry) error {
	t.count(e)
	return t.write(ctx, []waiting{newWaiting(e)})
}

// count tells the hook of an entry.
func (t *Trail) count(e Entry) {
	if t.hooks.Recorded != nil {
		t.hooks.Recorded(e.Action)
	}
}

func newWaiting(e Entry) waiting {
	e.ID = uuid.Must(uuid.NewV7()) // it never returns an error
	return waiting{e, time.Now()}
}

// Run writes what is recorded until ctx ends, and then what is left.
func (t *Trail) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			t.finish(ctx)
			return nil
		case first := <-t.queue:
			t.writeUntilDone(ctx, append([]waiting{first}, t.collect(ctx)...))
		}
	}
}

// collect takes what is recorded within the interval.
func (t *Trail) collect(ctx context.Context) (batch []waiting) {
	end := time.After(batchInterval)
	for len(batch) < batchSize-1 {
		select {
		case e := <-t.queue:
			batch = append(batch, e)
		case <-end:
			return batch
		case <-ctx.Done():
			return batch
		}
	}
	return batch
}

// writeUntilDone writes a batch, again and again until it succeeds. When ctx has ended it tries for stopTime.
func (t *Trail) writeUntilDone(ctx context.Context, batch []waiting) {
	for failed := false; ; failed = true {
		err := t.write(ctx, batch)
		if err == nil {
			return
		}
		if isRefused(err) {
			t.writeEach(ctx, batch)
			return
		}
		if ctx.Err() != nil {
			t.writeLast(ctx, batch)
			return
		}
		if !failed {
			t.log.Warn("the audit cannot be written; it is tried again", "entries", len(batch), "error", err)
		}
		_ = sleep.For(ctx, retryInterval) // when ctx has ended, there is one more attempt
	}
}

// isRefused reports whether the database refuses a value of an entry. Other entries may be written without that one.
func isRefused(err error) bool {
	answer, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (strings.HasPrefix(answer.Code, "22") || strings.HasPrefix(answer.Code, "23"))
}

// writeEach writes entries one by one, without those that the database refuses.
func (t *Trail) writeEach(ctx context.Context, batch []waiting) {
	for _, e := range batch {
		if err := t.write(ctx, []waiting{e}); err != nil {
			t.log.Error("an entry of the audit is lost", "action", e.Action, "actor", e.Actor, "object", e.Object, "request_id", e.RequestID, "error", err)
		}
	}
}

// finish writes what is in the queue.
func (t *Trail) finish(ctx context.Context) {
	var left []waiting
	for len(t.queue) > 0 {
		left = append(left, <-t.queue)
	}
	t.writeLast(ctx, left)
}

// writeLast writes entries after ctx has ended, for no longer than stopTime.
func (t *Trail) writeLast(ctx context.Context, left []waiting) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	lost := 0
	var failed error
	for batch := range slices.Chunk(left, batchSize) {
		if err := t.write(ctx, batch); err != nil {
			lost, failed = lost+len(batch), err
		}
	}
	if lost > 0 {
		t.log.Error("the instance stopped before the audit was written", "entries_lost", lost, "error", failed)
	}
}

// write adds entries to the database. To write the same ones again changes nothing.
func (t *Trail) write(ctx context.Context, batch []waiting) error {
	var p db.AuditAddParams
	for _, e := range batch {
		count, client := int64(-1), ""
		if e.Action.counts() {
			count = e.Count
		}
		if e.Client.IsValid() {
			client = e.Client.String()
		}
		p.Ids, p.AgesMs = append(p.Ids, e.ID), append(p.AgesMs, time.Since(e.since).Milliseconds())
		p.Actors, p.Actions = append(p.Actors, e.Actor), append(p.Actions, string(e.Action))
		p.Objects, p.Counts = append(p.Objects, e.Object), append(p.Counts, count)
		p.Clients, p.RequestIds = append(p.Clients, client), append(p.RequestIds, e.RequestID)
	}
	ctx, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	if err := t.q.AuditAdd(ctx, t.primary, p); err != nil {
		return postgres.WrapError("write the audit", err)
	}
	return nil
}
