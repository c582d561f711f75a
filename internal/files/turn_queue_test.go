package files

import (
	"context"
	"errors"
	"slices"
	"testing"
)

// turnsOf lets users wait for the only turn, in this order, and returns in which order their turns come.
func turnsOf(q *turnQueue, users ...string) (order []string) {
	var turns []chan struct{}
	for _, user := range users {
		turns = append(turns, q.join(user))
	}
	for range users {
		if next := slices.IndexFunc(turns, came); next >= 0 {
			order, turns[next] = append(order, users[next]), nil
			q.end(users[next])
		}
	}
	return order
}

func TestQueue_UsersTakeTurns(t *testing.T) {
	t.Parallel()
	got := turnsOf(newTurnQueue(1), "ann", "ann", "ann", "bob", "cy", "bob")
	if want := []string{"ann", "bob", "cy", "ann", "bob", "ann"}; !slices.Equal(got, want) {
		t.Errorf("turns come to %v, want %v", got, want)
	}
}

// came reports whether a turn has come.
func came(turn chan struct{}) bool {
	select {
	case <-turn:
		return true
	default:
		return false
	}
}

func TestQueue_OneTurnOfUser(t *testing.T) {
	t.Parallel()
	q := newTurnQueue(2)
	first, second, other := q.join("ann"), q.join("ann"), q.join("bob")
	if !came(first) || came(second) || !came(other) {
		t.Errorf("turns have come to ann %t, ann again %t, bob %t; want one each", came(first), came(second), came(other))
	}
	q.end("ann")
	if !came(second) {
		t.Error("ann's second turn does not come after her first")
	}
}

func TestQueue_LeaveGivesTurnBack(t *testing.T) {
	t.Parallel()
	q := newTurnQueue(1)
	end, err := q.wait(t.Context(), "ann")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := q.wait(ctx, "bob"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want Canceled", err)
	}
	late := q.join("bob")
	end()
	q.leave("bob", late) // it has come
	if next := q.join("cy"); !came(next) {
		t.Fatal("the turn is lost")
	}
	q.end("cy")
	if q.free != 1 || len(q.active)+len(q.waiting)+len(q.order) != 0 {
		t.Errorf("left: %+v", q)
	}
}

func TestBudget_Shares(t *testing.T) {
	t.Parallel()
	b := newBudget(100)
	if !b.reserve("ann", 20) || b.reserve("ann", 1) {
		t.Error("a user alone gets a fifth")
	}
	for _, user := range []string{"bob", "cy", "di", "ed", "flo", "gus", "hal"} {
		for b.reserve(user, 1) {
		}
	}
	if !b.reserve("ida", 4) {
		t.Errorf("%d of 100 are taken by eight, and another gets nothing", b.reserved)
	}
	b.release("ann", 20)
	if !b.reserve("ann", 8) {
		t.Error("what was released is not free")
	}
}
