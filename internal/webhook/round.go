package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"docket/db"
	"docket/internal/feed"
	"docket/internal/postgres"
	"docket/internal/sleep"
)

const (
	roundSize   = 64          // events of a round
	atATime     = 16          // requests to one receiver
	pollTime    = time.Second // between two looks at what is due, while nothing happens
	secretPause = time.Minute // while the secret cannot be decrypted
	expiredAge  = feed.MaxAge - time.Hour
	rewindAge   = time.Hour // that is sent again when a failover has lost the end of the feed
)

// errLost says that this instance does not work on the webhook any more.
var errLost = errors.New("another instance has the webhook, or it is switched off")

// item is one event in a round.
type item struct {
	id       uuid.UUID
	position feed.Position
	kind     feed.Type
	orderKey string
	ticketID uuid.UUID
	body     []byte
	attempts int // that were made before
	tried    bool
	result
}

// round is some of what is for a webhook.
type round struct {
	row     db.Webhook
	secrets [][]byte
	groups  map[string][]*item // by order key, in the order of the feed
	order   []string           // the keys, those first that have waited longest
	next    feed.Position      // how far in the feed this is
	probing bool               // the receiver has not answered lately
	waited  bool               // for something to happen
}

// takeRound sends what is due to a webhook, and then what is new. When there is nothing it waits for a while.
func (w *Webhooks) takeRound(ctx context.Context, id, instance uuid.UUID) error {
	read, err := w.q.WebhookRound(ctx, w.Primary, db.WebhookRoundParams{ID: id, Instance: instance})
	switch {
	case postgres.IsNoRows(err):
		return errLost
	case err != nil:
		return postgres.WrapError("read a webhook", err)
	}
	if pause := time.Duration(read.Webhook.NextAtMs-read.NowMs) * time.Millisecond; pause > 0 {
		return sleep.For(ctx, min(pause, pollTime))
	}
	t := &round{row: read.Webhook, groups: map[string][]*item{}, next: feed.Position(read.Webhook.Position), probing: read.Webhook.Failures >= probesAfter}
	if err := w.fill(ctx, t); err != nil {
		return err
	}
	if len(t.groups) == 0 && t.next == feed.Position(t.row.Position) {
		return nil
	}
	if t.waited { // meanwhile it may have been given another secret, or deleted
		read, err = w.q.WebhookRound(ctx, w.Primary, db.WebhookRoundParams{ID: id, Instance: instance})
		if err != nil || read.Webhook.Position != t.row.Position {
			return nil // the next round finds out
		}
	}
	if t.secrets, err = w.openSecrets(read); err != nil {
		_ = sleep.For(ctx, secretPause) // the caller looks at ctx
		return err
	}
	w.sendAll(ctx, t)
	return w.finish(ctx, t, instance)
}

// openSecrets decrypts the secret, and the one before it while that signs, too.
func (w *Webhooks) openSecrets(read db.WebhookRoundRow) ([][]byte, error) {
	secret, err := w.secrets.open(read.Webhook.Secret, read.Webhook.ID, read.Webhook.Url)
	if err != nil {
		return nil, err
	}
	secrets := [][]byte{secret}
	if ends := read.Webhook.OldSecretEndsMs; ends != nil && *ends > read.NowMs {
		if old, err := w.secrets.open(read.Webhook.OldSecret, read.Webhook.ID, read.Webhook.Url); err == nil {
			secrets = append(secrets, old)
		}
	}
	return secrets, nil
}

// fill takes what is due into a round, and then what is new in the feed. What comes after something that waits is put behind it. Where the
// receiver has not answered lately, one event that waits is tried whether or not it is due, and one that is new: an event that never
// gets an answer does not hold up the others.
func (w *Webhooks) fill(ctx context.Context, t *round) error {
	most, mostNew := roundSize, roundSize
	if t.probing {
		most, mostNew = 1, 2
	}
	due, err := w.q.DeliveryDue(ctx, w.Primary, db.DeliveryDueParams{WebhookID: t.row.ID, AnyTime: t.probing, Most: int32(most)})
	if err != nil {
		return postgres.WrapError("read what is due to a webhook", err)
	}
	for _, row := range due {
		again, err := w.itemOf(ctx, row)
		if err != nil {
			return err
		}
		t.add(again)
	}
	if mostNew -= len(due); mostNew == 0 {
		return nil
	}
	wait := time.Duration(0)
	if t.waited = len(due) == 0; t.waited {
		wait = pollTime
	}
	page, err := w.readFeed(ctx, t, feed.Query{After: t.next, Types: typesOf(t.row), Limit: mostNew, Wait: wait})
	if err != nil {
		return err
	}
	return w.addNew(ctx, t, page)
}

// readFeed reads the feed. What it does not keep any more is left out; after a failover that has lost its end, some is read again.
func (w *Webhooks) readFeed(ctx context.Context, t *round, q feed.Query) (feed.Page, error) {
	page, err := w.Feed.Read(ctx, q)
	if !errors.Is(err, feed.ErrExpired) {
		return page, err
	}
	head, err := w.Feed.Head(ctx)
	if err != nil {
		return page, err
	}
	age := expiredAge
	if q.After > head {
		age = rewindAge
	}
	page.Next, err = w.Feed.At(ctx, w.now().Add(-age))
	w.Log.Warn("a webhook goes on elsewhere in the feed, which does not have its position any more", "webhook", t.row.ID, "position", q.After, "next", page.Next)
	return page, err
}

func typesOf(row db.Webhook) []feed.Type {
	types := make([]feed.Type, len(row.Types))
	for i, name := range row.Types {
		types[i] = feed.Type(name)
	}
	return types
}

// addNew takes new events into a round.
func (w *Webhooks) addNew(ctx context.Context, t *round, page feed.Page) error {
	t.next = page.Next
	if len(page.Events) == 0 {
		return nil
	}
	keys := make([]string, len(page.Events))
	for i, e := range page.Events {
		keys[i] = orderKeyOf(e)
	}
	blocked, err := w.q.DeliveryWaitingKeys(ctx, w.Primary, db.DeliveryWaitingKeysParams{WebhookID: t.row.ID, Keys: keys})
	if err != nil {
		return postgres.WrapError("read what waits for a webhook", err)
	}
	waits := map[string]bool{}
	for _, key := range blocked {
		waits[key] = true
	}
	for i, e := range page.Events {
		body, err := json.Marshal(e)
		if err != nil {
			return err
		}
		added := &item{id: e.ID, position: e.Position, kind: e.Type, orderKey: keys[i], ticketID: e.TicketID, body: body}
		if waits[keys[i]] {
			t.queue(added)
		} else {
			t.add(added)
		}
	}
	return nil
}

// orderKeyOf is what an event must be in order with: the others of its ticket.
func orderKeyOf(e feed.Event) string {
	if e.TicketID == uuid.Nil {
		return "user:" + e.UserID
	}
	return e.TicketID.String()
}

// add adds what is to be tried.
func (t *round) add(i *item) {
	if t.groups[i.orderKey] == nil {
		t.order = append(t.order, i.orderKey)
	}
	t.groups[i.orderKey] = append(t.groups[i.orderKey], i)
}

// queue adds what waits behind something that is not in this round, or is tried first.
func (t *round) queue(i *item) {
	i.canceled = true
	t.groups[i.orderKey] = append(t.groups[i.orderKey], i)
}

// itemOf is what waits, with its body.
func (w *Webhooks) itemOf(ctx context.Context, row db.WebhookDelivery) (*item, error) {
	again := &item{
		id: row.EventID, position: feed.Position(row.Position), kind: feed.Type(row.Type), orderKey: row.OrderKey, attempts: int(row.Attempts),
		ticketID: postgres.OrZero(row.TicketID),
	}
	if again.kind == TestType {
		body, err := json.Marshal(testJSON{ID: row.EventID, Type: TestType, AtMS: row.CreatedAtMs})
		again.body = body
		return again, err
	}
	page, err := w.Feed.Read(ctx, feed.Query{After: again.position - 1, Limit: 1})
	switch {
	case errors.Is(err, feed.ErrExpired), err == nil && (len(page.Events) == 0 || page.Events[0].ID != again.id):
		return again, nil // without a body: it is given up
	case err != nil:
		return nil, err
	}
	again.body, err = json.Marshal(page.Events[0])
	return again, err
}

// testJSON is the body of a test. It has the members of an event, without a ticket.
type testJSON struct {
	ID       uuid.UUID  `json:"id"`
	Type     feed.Type  `json:"type"`
	TicketID *uuid.UUID `json:"ticket_id"`
	UserID   *string    `json:"user_id"`
	UserSeq  *int64     `json:"user_seq"`
	Version  *int64     `json:"version"`
	Status   *string    `json:"status"`
	AtMS     int64      `json:"at_ms"`
}

// sendAll tries the items of a round: those of one key one after the other, until one fails. When the receiver does not answer several
// of them, the others are left for later.
func (w *Webhooks) sendAll(ctx context.Context, t *round) {
	var g errgroup.Group
	g.SetLimit(atATime)
	var silent atomic.Int64 // attempts without an answer since the last one that had one
	for _, key := range t.order {
		g.Go(func() error {
			for _, i := range t.groups[key] {
				if i.canceled || ctx.Err() != nil || silent.Load() >= probesAfter {
					break
				}
				i.result = w.try(ctx, t, i)
				i.tried = !i.canceled
				switch {
				case i.canceled:
				case i.unanswered():
					silent.Add(1)
				default:
					silent.Store(0)
				}
				if i.failure != "" {
					break
				}
			}
			return nil
		})
	}
	_ = g.Wait() // none returns an error
}

func (w *Webhooks) try(ctx context.Context, t *round, i *item) result {
	if i.body == nil {
		return result{failure: EventGone}
	}
	return w.sender.send(ctx, t.row.Url, i.id.String(), i.body, t.secrets)
}
