// Package savedview keeps filters of the queue under a name, for one agent or for all.
package savedview

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

const (
	// MaxName is how many characters a name has at most.
	MaxName = 60
	// MaxQuery is how many characters the query of an address has at most.
	MaxQuery = 2000

	mostOwn    = 50 // of an account
	mostListed = 200
)

// View is a filter under a name.
type View struct {
	ID     uuid.UUID
	Owner  uuid.UUID // the account that keeps it
	Name   string
	Query  string // of the address
	Shared bool   // all agents see it
}

// Views keeps views on the primary.
type Views struct {
	primary *postgres.Pool
	q       *db.Queries
}

// New keeps views on the primary.
func New(primary *postgres.Pool) *Views { return &Views{primary: primary, q: db.New()} }

// ErrTooMany says that an account has as many views as it may have.
var ErrTooMany = errors.New("too many views")

// Put keeps a view, in place of one of the same name of its owner. It returns ErrTooMany.
func (v *Views) Put(ctx context.Context, view View) error {
	id, err := uuid.NewV7()
	if err != nil {
		return postgres.WrapError("make an id", err)
	}
	kept, err := v.q.SavedViewPut(ctx, v.primary, db.SavedViewPutParams{
		ID: id, AccountID: view.Owner, Name: view.Name, Query: view.Query, Shared: view.Shared, Most: mostOwn,
	})
	switch {
	case err != nil:
		return postgres.WrapError("keep a view", err)
	case kept == 0:
		return ErrTooMany
	}
	return nil
}

// List is the views of an account, and those that others share, by name.
func (v *Views) List(ctx context.Context, account uuid.UUID) ([]View, error) {
	rows, err := v.q.SavedViewList(ctx, v.primary, db.SavedViewListParams{AccountID: account, Most: mostListed})
	if err != nil {
		return nil, postgres.WrapError("list views", err)
	}
	views := make([]View, len(rows))
	for i, row := range rows {
		views[i] = View{row.ID, row.AccountID, row.Name, row.Query, row.Shared}
	}
	return views, nil
}

// Delete deletes a view of an account; with admin a shared one of anybody. It returns ticket.ErrNotFound when there is none.
func (v *Views) Delete(ctx context.Context, account, id uuid.UUID, admin bool) error {
	deleted, err := v.q.SavedViewDelete(ctx, v.primary, db.SavedViewDeleteParams{ID: id, AccountID: account, Admin: admin})
	switch {
	case err != nil:
		return postgres.WrapError("delete a view", err)
	case deleted == 0:
		return ticket.ErrNotFound
	}
	return nil
}
