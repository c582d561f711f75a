package store

import (
	"context"
	"sync"
	"time"

	"docket/internal/postgres"
	"docket/internal/ticket"
)

const notifyTime = 3 * time.Second // how long one notification may take

// notifier collects users whose tickets were written. While one notification is being sent the next ones are collected
// and sent together: under load hundreds of writes share a statement, and a single one is sent at once.
type notifier struct {
	mu      sync.Mutex // guards the two below
	users   []string   // whose tickets were written
	running bool       // a goroutine sends, and does not end before users is empty
	sending sync.WaitGroup
}

// Publish tells every instance of a change, without keeping the writer waiting. It is a hint, sent after the commit:
// inside the transaction it would serialize all commits. An instance that misses it finds out when its copy expires.
func (s *Store) Publish(ctx context.Context, change ticket.Change) {
	s.notifier.mu.Lock()
	defer s.notifier.mu.Unlock()
	s.notifier.users = append(s.notifier.users, change.UserID)
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
	for users := s.notifier.takeUsers(); users != nil; users = s.notifier.takeUsers() {
		if err := s.notify(ctx, users); err != nil {
			s.log.Warn("other instances were not notified of a change", "error", postgres.LogText(err))
		}
	}
}

func (n *notifier) takeUsers() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	users := n.users
	n.users, n.running = nil, users != nil
	return users
}

// notify does not wait for the disk: a notification of a change that a crash of the primary undid does no harm.
func (s *Store) notify(ctx context.Context, users []string) error {
	ctx, cancel := context.WithTimeout(ctx, notifyTime)
	defer cancel()
	_, err := s.pool.Exec(ticket.Urgent(ctx), "SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, u) FROM unnest($2::text[]) AS u", channel, users)
	return err
}
