package cache_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/cache"
	"docket/internal/ticket"
)

// answeringDesk answers every look-up with an approval of one version, or says that the one of that version was removed.
type answeringDesk struct {
	ticket.Desk
	version int64
	removed bool
}

func (d *answeringDesk) Latest(_ context.Context, userID string) (ticket.Approval, error) {
	if d.removed {
		return ticket.Approval{UpdatedAt: time.UnixMilli(d.version)}, ticket.ErrNotFound
	}
	return ticket.Approval{UserID: userID, TicketID: uuid.Max, UpdatedAt: time.UnixMilli(d.version)}, nil
}

func TestFloor_Removed(t *testing.T) {
	t.Parallel()
	for _, erased := range []bool{false, true} {
		desk := &answeringDesk{version: 2}
		c := cache.New(desk, 10)
		look := func(want error, when string) {
			t.Helper()
			if _, err := c.Latest(t.Context(), "u"); !errors.Is(err, want) {
				t.Errorf("%s: %v, want %v", when, err, want)
			}
		}
		look(nil, "approved")
		if erased { // an erasure is known before anybody has looked
			c.Forget(ticket.Change{UserID: "u", Erased: true})
		} else {
			desk.removed = true
			c.Forget(ticket.Change{UserID: "u"})
			look(ticket.ErrNotFound, "removed")
			desk.removed = false
			c.Forget(ticket.Change{UserID: "u"})
		}
		look(ticket.ErrNotFound, "still there in a database that is behind")
		desk.version = 3
		c.Forget(ticket.Change{UserID: "u"})
		look(nil, "approved again")
		desk.version, desk.removed = 2, true
		c.Forget(ticket.Change{UserID: "u"})
		look(nil, "the new approval not there in a database that is behind")
	}
}
