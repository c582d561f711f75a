package store

import (
	"context"
	"sync"
	"time"

	"docket/internal/postgres"
	"docket/internal/ticket"
)

// tellTime bounds one word to the other instances.
const tellTime = 3 * time.Second

// teller is what waits to be told to every instance. While one word is under way the next ones gather and go together:
// under load hundreds of writes share a statement, and a lone one is told at once.
type teller struct {
	mu      sync.Mutex // guards the two below
	waiting []string   // users whose tickets were written
	under   bool       // somebody is telling, and will not end before waiting is empty
	told    sync.WaitGroup
}

// Publish tells every instance of a change, without keeping the writer waiting. It is a hint, sent after the commit:
// inside the transaction it would serialize all commits. An instance that misses it finds out when its copy expires.
func (s *Store) Publish(ctx context.Context, change ticket.Change) {
	s.teller.mu.Lock()
	defer s.teller.mu.Unlock()
	s.teller.waiting = append(s.teller.waiting, change.UserID)
	if !s.teller.under {
		s.teller.under = true
		s.teller.told.Go(func() { s.tell(context.WithoutCancel(ctx)) })
	}
}

// Finish waits until every instance was told of all that was written, as far as that can be done now. It is for those who
// write no more and are about to close the primary's pool.
func (s *Store) Finish() {
	told := make(chan struct{})
	go func() { s.teller.told.Wait(); close(told) }()
	select {
	case <-told:
	case <-time.After(tellTime):
	}
}

// tell goes on until nothing waits.
func (s *Store) tell(ctx context.Context) {
	for users := s.teller.next(); users != nil; users = s.teller.next() {
		if err := s.notify(ctx, users); err != nil {
			s.log.Warn("other instances were not told of a change", "error", postgres.LogText(err))
		}
	}
}

func (t *teller) next() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	users := t.waiting
	t.waiting, t.under = nil, users != nil
	return users
}

// notify need not wait for the disk: a word about a change that a crash of the primary undid is no harm.
func (s *Store) notify(ctx context.Context, users []string) error {
	ctx, cancel := context.WithTimeout(ctx, tellTime)
	defer cancel()
	_, err := s.primary.Exec(ticket.Urgent(ctx), "SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, u) FROM unnest($2::text[]) AS u", channel, users)
	return err
}
