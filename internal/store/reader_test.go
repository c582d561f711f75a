package store_test

import (
	"testing"

	"docket/internal/store"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

func TestReader_StreamingReplica(t *testing.T) {
	t.Parallel()
	db := testdb.NewWithReplica(t)
	primary, replica := pool(t, db.Primary), pool(t, db.Replica)
	d := store.New(primary, silent)
	made := approve(t, d, submit(t, d, "ann"))
	for n := 0; n == 0; {
		n = count(t.Context(), t, replica, "SELECT count(*) FROM user_tickets WHERE ticket_id = $1", made.ID)
	}
	r := store.NewReader(replica)
	if got, err := r.TicketOf(t.Context(), "ann", made.ID); err != nil || got.Status != ticket.Approved {
		t.Errorf("ticket %s, %v; want it approved", got.Status, err)
	}
	if got, err := r.Latest(t.Context(), "ann"); err != nil || got.TicketID != made.ID {
		t.Errorf("latest %s, %v; want %s", got.TicketID, err, made.ID)
	}
}
