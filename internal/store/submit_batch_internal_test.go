package store

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"docket/internal/ticket"
)

// TestDivideTickets_SeenByOthers: one statement adds no two tickets of which one has to see the other.
func TestDivideTickets_SeenByOthers(t *testing.T) {
	t.Parallel()
	var made []newTicket
	for _, s := range []ticket.Submission{
		{UserID: "a", By: "key:x", Key: "1"},
		{UserID: "b", By: "key:x", Key: "2", OneOpen: true},
		{UserID: "a", By: "key:x", Key: "3"}, // a user of the first statement
		{UserID: "c", By: "key:x", Key: "2"}, // a key of the first statement
		{UserID: "d", By: "key:y", Key: "2"}, // the same key of another sender
		{UserID: "a", By: "key:x", Key: "4"}, // a user of both statements
		{UserID: "e", By: "user:e", Key: "1", DailyLimit: 20},
		{UserID: "f", By: "user:f", Key: "1", DailyLimit: 20},
	} {
		made = append(made, newTicket{uuid.New(), s})
	}
	var got [][]string
	for _, p := range divideTickets(made) {
		got = append(got, p.UserIds)
	}
	want := [][]string{{"a", "b", "d"}, {"a", "c"}, {"a"}, {"e", "f"}}
	if !slices.EqualFunc(got, want, slices.Equal[[]string]) {
		t.Errorf("statements add tickets of %v, want %v", got, want)
	}
}
