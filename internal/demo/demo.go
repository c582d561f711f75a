// Package demo fills a new docket with tickets in every status, for the first look. It does all of it over HTTP, as
// people and other systems do.
package demo

import (
	"context"
	"fmt"
	"log/slog"
)

// Site is a running docket with the built-in form, and the accounts that the tickets belong to.
type Site struct {
	URL       string
	APIKey    string // with every scope
	Customers [2]Login
	Agents    [2]Login
}

// Login is an account. UserID is the user whose tickets it has.
type Login struct{ Email, Password, UserID string }

// Seed adds the demo tickets. A user who has tickets is left alone, so that it may be called at every start.
func Seed(ctx context.Context, site Site, log *slog.Logger) error {
	c := newClient(site)
	added := 0
	for _, p := range demoPeople(site) {
		n, err := c.addTicketsOf(ctx, p)
		if err != nil {
			return fmt.Errorf("add the demo tickets of %s: %w", p.userID, err)
		}
		added += n
	}
	if added > 0 {
		log.Info("demo tickets added", "tickets", added)
	}
	return nil
}

// addTicketsOf submits the tickets of one user, one after the other, and does with each what is to be done.
func (c *client) addTicketsOf(ctx context.Context, p person) (added int, err error) {
	if there, err := c.hasTickets(ctx, p.userID); err != nil || there {
		return 0, err
	}
	for n, a := range p.attempts {
		id, err := c.submit(ctx, p, n)
		if err != nil {
			return added, err
		}
		added++
		if a.then == nil {
			continue
		}
		if err := a.then(ctx, c, id); err != nil {
			return added, err
		}
	}
	return added, nil
}
