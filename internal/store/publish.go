package store

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"docket/internal/postgres"
	"docket/internal/ticket"
)

const notifyTime = 3 * time.Second // how long one notification may take

// notifier collects notifications. While one is being sent the next ones are collected and sent together: under load hundreds of
// writes share a statement, and a single one is sent at once.
type notifier struct {
	mu       sync.Mutex // guards the three below
	channels []string
	payloads []string // of each channel: a user whose tickets were written, or a ticket
	running  bool     // a goroutine sends, and does not end before channels is empty
	sending  sync.WaitGroup
}

// Publish tells every instance of a change, without keeping the writer waiting. It is a hint, sent after the commit:
// inside the transaction it would serialize all commits. An instance that misses it finds out when its copy expires.
func (s *Store) Publish(ctx context.Context, change ticket.Change) {
	s.enqueue(ctx, changeChannel, change.UserID)
}

// PublishWork tells every instance, as Publish does, that somebody else works on a ticket now.
func (s *Store) PublishWork(ctx context.Context, id uuid.UUID) {
	s.enqueue(ctx, workChannel, id.String())
}

// PublishLook tells every instance, as Publish does, that somebody else looks at a ticket now.
func (s *Store) PublishLook(ctx context.Context, id uuid.UUID) {
	s.enqueue(ctx, lookChannel, id.String())
}

func (s *Store) enqueue(ctx context.Context, channel, payload string) {
	s.notifier.mu.Lock()
	defer s.notifier.mu.Unlock()
	s.notifier.channels, s.notifier.payloads = append(s.notifier.channels, channel), append(s.notifier.payloads, payload)
	if !s.notifier.running {
		s.notifier.running = true
		s.notifier.sending.Go(func() { s.sendNotifications(context.WithoutCancel(ctx)) })
	}
}

// Finish waits until every published change was sent, but no longer than a notification may take. It is called when
// nothing is written any more, before the primary's pool is closed.
func (s *Store) Finish() {
	sent := make(chan struct{})
	go func() { s.notifier.sending.Wait(); close(sent) }()
	select {
	case <-sent:
	case <-time.After(notifyTime):
	}
}

// sendNotifications sends until nothing is left.
func (s *Store) sendNotifications(ctx context.Context) {
	for channels, payloads := s.notifier.take(); channels != nil; channels, payloads = s.notifier.take() {
		if err := s.notify(ctx, channels, payloads); err != nil {
			s.log.Warn("other instances were not notified of a change", "error", postgres.LogText(err))
		}
	}
}

// take is what waits to be sent; nil when nothing does.
func (n *notifier) take() (channels, payloads []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	channels, payloads = n.channels, n.payloads
	n.channels, n.payloads, n.running = nil, nil, channels != nil
	return channels, payloads
}

// notify does not wait for the disk: a notification of a change that a crash of the primary undid does no harm.
func (s *Store) notify(ctx context.Context, channels, payloads []string) error {
	ctx, cancel := context.WithTimeout(ctx, notifyTime)
	defer cancel()
	_, err := s.pool.Exec(ticket.Urgent(ctx), "SELECT set_config('synchronous_commit', 'off', true), pg_notify(c, p) FROM unnest($1::text[], $2::text[]) AS n (c, p)", channels, payloads)
	return err
}
