package web

import (
	"net/http"

	"docket/internal/account"
	"docket/static"
)

// routes is the table of who may call what.
func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("GET /static/", static.Handler())
	mux.Handle("GET /healthz", s.open(s.healthz))
	mux.Handle("GET /readyz", urgent(s.open(s.readyz)))

	mux.Handle("GET /{$}", s.page(s.home))
	mux.Handle("GET /signup", s.page(s.signupForm))
	mux.Handle("POST /signup", s.page(s.signup))
	mux.Handle("GET /login", s.page(s.loginForm))
	mux.Handle("POST /login", s.page(s.login))
	mux.Handle("POST /logout", urgent(s.page(s.logout)))

	mux.Handle("POST /language", s.page(s.language))

	mux.Handle("GET /tickets", s.customer(s.tickets))
	mux.Handle("POST /tickets", s.sending(s.submit))
	mux.Handle("GET /tickets/new", s.customer(s.ticketForm))
	mux.Handle("POST /tickets/new", s.sending(s.note))
	mux.Handle("POST /tickets/new/asked", s.customer(s.asked))
	mux.Handle("GET /tickets/{id}", s.customer(s.ticket))
	mux.Handle("POST /tickets/{id}/withdraw", s.customer(s.withdraw))

	mux.Handle("POST /files/{field}", s.sending(s.upload))
	mux.Handle("GET /files/{id}", s.page(s.file))

	mux.Handle("GET /review", s.agent(s.queue))
	mux.Handle("GET /review/events", s.stream(s.events))
	mux.Handle("POST /review/next", s.agent(s.next))
	mux.Handle("GET /review/next", s.open(onlyPost)) // or it would be the ticket of that name
	mux.Handle("GET /review/{id}", s.agent(s.review))
	mux.Handle("POST /review/{id}/claim", s.agent(s.claim))
	mux.Handle("POST /review/{id}/release", s.agent(s.release))
	mux.Handle("POST /review/{id}/approve", urgent(s.agent(s.approve)))
	mux.Handle("POST /review/users/{user_id}/reopen", s.page(s.only(admins, s.reopen)))
	mux.Handle("POST /review/{id}/reject", urgent(s.agent(s.reject)))

	mux.Handle("GET /admin/rules", s.page(s.only(admins, s.rules)))

	mux.Handle("GET /api/openapi.json", s.open(s.openAPI))
	mux.Handle("GET /api/v1/users/{user_id}/latest-ticket", s.quick(account.LatestRead, s.latestTicket))
	mux.Handle("GET /api/v1/users/{user_id}/tickets", s.api(account.TicketsRead, s.apiTicketsOf))
	mux.Handle("GET /api/v1/tickets", s.api(account.TicketsRead, s.apiTickets))
	mux.Handle("POST /api/v1/tickets", s.api(account.TicketsWrite, s.apiSubmit))
	mux.Handle("POST /api/v1/files", s.api(account.TicketsWrite, s.apiUpload))
	mux.Handle("GET /api/v1/files/{id}", s.api(account.TicketsRead, s.apiFile))
	mux.Handle("GET /api/v1/tickets/{id}", s.api(account.TicketsRead, s.apiTicket))
	mux.Handle("POST /api/v1/tickets/{id}/decision", urgent(s.api(account.DecisionsWrite, s.apiDecide)))
	return mux
}
