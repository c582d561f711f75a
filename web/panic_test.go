package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/ticket"
)

// broken is a desk that breaks when somebody looks for a ticket, and keeps quiet about why.
type broken struct{ ticket.Desk }

func (broken) TicketOf(context.Context, string, uuid.UUID) (ticket.Ticket, error) {
	panic("CANARY-SECRET")
}

func TestPanic_OneRequest(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	id := customer.submit(someID)
	config := s.Instances[0].Web.Config
	config.Desk = broken{config.Desk}
	at := browser{t: t, url: besides(t, config), client: customer.client}
	got := at.get("/tickets/"+id).want(t, http.StatusInternalServerError, "An error occurred")
	if strings.Contains(got.body, "CANARY") || strings.Contains(got.body, "goroutine") || strings.Contains(got.body, ".go:") {
		t.Errorf("the answer tells of the cause:\n%s", got.body)
	}
	customer.get("/tickets").want(t, http.StatusOK)
	log := s.Log.String()
	if number := got.header.Get("X-Request-Id"); strings.Count(log, number) < 2 || !strings.Contains(log, `"code":"internal"`) || !strings.Contains(log, "panic_test.go") {
		t.Error("the log lacks the request or where it broke")
	}
	if strings.Contains(log, "CANARY") {
		t.Error("the log has what the handler panicked with, which may be anybody's words")
	}
}
