package api

import (
	"errors"
	"net/http"

	"docket/internal/account"
	"docket/internal/ticket"
	"docket/web/problem"
	"docket/web/request"
)

// Withdraw takes back a ticket that the key has submitted.
func (a *API) Withdraw(w http.ResponseWriter, r *http.Request, by account.Key) error {
	if _, err := parseParameters(r); err != nil {
		return err
	}
	if r.ContentLength != 0 {
		return problem.WithDetail(problem.ErrMalformed, "This call takes no body.")
	}
	id, err := request.TicketID(r)
	if err != nil {
		return err
	}
	t, err := a.Desk.WithdrawSent(r.Context(), ticket.Key(by.Name), id)
	if errors.Is(err, ticket.ErrDecided) {
		return problem.WithTicket(err, newDecidedTicketJSON(t, by))
	}
	if err != nil {
		return err
	}
	return WriteJSON(w, http.StatusOK, newDecidedTicketJSON(t, by))
}
