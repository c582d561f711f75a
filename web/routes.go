package web

import (
	"net/http"

	"docket/internal/account"
	"docket/static"
	"docket/web/listing"
	"docket/web/pages"
	"docket/web/request"
)

// routeTable is a mux that knows the patterns of its routes.
type routeTable struct {
	*http.ServeMux
	patterns []string
}

// Handle adds a route.
func (t *routeTable) Handle(pattern string, h http.Handler) {
	t.patterns = append(t.patterns, pattern)
	t.ServeMux.Handle(pattern, h)
}

// routes is the table of who may call which address.
func (s *Server) routes() *routeTable {
	mux, p, a := &routeTable{ServeMux: http.NewServeMux()}, s.pages, s.api
	mux.Handle("GET /static/", static.Handler())
	mux.Handle("GET /theme/{name}", s.public(s.pages.Theme))
	mux.Handle("GET "+livePath, s.public(s.health))
	mux.Handle("GET "+readyPath, markUrgent(s.public(s.readiness)))

	mux.Handle("GET /{$}", s.page(p.Home))
	mux.Handle("GET /signup", s.page(p.SignupForm))
	mux.Handle("POST /signup", s.page(p.Signup))
	mux.Handle("GET /login", s.page(p.LoginForm))
	mux.Handle("POST /login", s.page(p.Login))
	mux.Handle("POST /logout", markUrgent(s.page(p.Logout)))
	mux.Handle("GET /oidc/login", s.page(p.BeginAtProvider))
	mux.Handle("GET /oidc/callback", s.page(p.FinishAtProvider))
	mux.Handle("POST /oidc/backchannel-logout", markUrgent(s.public(p.EndAtProvider)))

	mux.Handle("GET /login/code", s.own(account.NeedsCode, p.CodeForm))
	mux.Handle("POST /login/code", s.own(account.NeedsCode, p.ConfirmCode))
	mux.Handle("GET /account", s.own(account.Complete, p.OwnAccount))
	mux.Handle("GET /account/password", s.own(account.NeedsPassword, p.PasswordForm))
	mux.Handle("POST /account/password", s.own(account.NeedsPassword, p.ChangePassword))
	mux.Handle("GET /account/factor", s.own(account.NeedsFactor, p.FactorForm))
	mux.Handle("POST /account/factor", s.own(account.NeedsFactor, p.SetFactor))
	mux.Handle("POST /account/factor/remove", s.own(account.Complete, p.RemoveFactor))
	mux.Handle("POST /account/factor/recovery-codes", s.own(account.Complete, p.RenewRecoveryCodes))
	mux.Handle("POST /account/zone", s.own(account.Complete, p.SetZone))
	mux.Handle("POST /account/sessions/end", s.own(account.Complete, p.EndSession))
	mux.Handle("POST /account/sessions/end-others", s.own(account.Complete, p.EndOtherSessions))

	mux.Handle("GET /sent", s.page(p.MailSent))
	mux.Handle("POST /confirm", s.page(p.ConfirmAgain))
	mux.Handle("GET /confirm/{token}", s.page(p.ConfirmForm))
	mux.Handle("POST /confirm/{token}", s.page(p.Confirm))
	mux.Handle("GET /forgot", s.page(p.ForgotForm))
	mux.Handle("POST /forgot", s.page(p.Forgot))
	mux.Handle("GET /reset/{token}", s.page(p.ResetForm))
	mux.Handle("POST /reset/{token}", s.page(p.Reset))
	mux.Handle("GET /dev/mail", s.page(p.DevMail))
	mux.Handle("GET /dev/mail/{name}", s.page(p.DevMessage))

	mux.Handle("POST /language", s.page(p.Language))

	mux.Handle("GET /tickets", s.limited(s.customer(p.Tickets)))
	mux.Handle("POST /tickets", s.submission(p.Submit))
	mux.Handle("GET /tickets/new", s.limited(s.customer(p.NewTicket)))
	mux.Handle("POST /tickets/new", s.submission(p.SaveDraft))
	mux.Handle("POST /tickets/new/asked", s.limited(s.customer(p.VisibleFields)))
	mux.Handle("GET /tickets/new/options", s.limited(s.person(p.Options)))
	mux.Handle("GET /tickets/{id}", s.limited(s.customer(p.Ticket)))
	mux.Handle("POST /tickets/{id}/withdraw", s.limited(s.customer(p.Withdraw)))

	mux.Handle("POST /files/{field}", s.submission(p.Upload))
	mux.Handle("GET /files/{id}", s.page(p.File))

	visitor := func(h handler) http.Handler { return s.limited(s.visit(request.MaxFormBytes, h)) }
	sender := func(h pages.SubmissionHandler) http.Handler {
		return s.visit(s.intake.MaxUploadFormBytes(), p.AdmitUnsent(p.Receive(h)))
	}
	mux.Handle("GET /s/{token}", visitor(p.Admit(p.LinkHome)))
	mux.Handle("POST /s/{token}", sender(p.Submit))
	mux.Handle("POST /s/{token}/begin", visitor(p.BeginLink))
	mux.Handle("POST /s/{token}/code", visitor(p.AdmitBrowser))
	mux.Handle("GET /s/{token}/form", visitor(p.AdmitUnsent(p.NewTicket)))
	mux.Handle("POST /s/{token}/form", sender(p.SaveDraft))
	mux.Handle("POST /s/{token}/form/asked", visitor(p.AdmitUnsent(p.VisibleFields)))
	mux.Handle("GET /s/{token}/form/options", visitor(p.AdmitUnsent(p.Options)))
	mux.Handle("GET /s/{token}/phone", visitor(p.Admit(p.LinkPhone)))
	mux.Handle("POST /s/{token}/files/{field}", sender(p.Upload))
	mux.Handle("GET /s/{token}/files/{id}", s.visit(request.MaxFormBytes, p.Admit(p.LinkFile)))

	mux.Handle("GET /review", s.limited(s.agent(p.Queue, append(listing.Parameters(s.Form), "decided", "done", "left")...)))
	mux.Handle("GET /review/export.csv", s.agent(p.Export, listing.Parameters(s.Form)...))
	mux.Handle("GET /review/events", s.stream(p.Events, "ticket"))
	mux.Handle("GET /review/disagreed", s.admin(p.Disagreed))
	mux.Handle("GET /review/second-looks", s.limited(s.agent(p.SecondLooks, "left")))
	mux.Handle("POST /review/second-looks", s.limited(s.agent(p.NextSecondLook)))
	mux.Handle("GET /review/{id}/second-look", s.limited(s.agent(p.SecondLook)))
	mux.Handle("POST /review/{id}/second-look", s.limited(s.agent(p.GiveSecondLook)))
	mux.Handle("POST /review/views", s.limited(s.agent(p.KeepView)))
	mux.Handle("GET /review/views", s.public(onlyPost)) // else {id} would match
	mux.Handle("POST /review/views/{id}/delete", s.limited(s.agent(p.DeleteView)))
	mux.Handle("POST /review/next", s.limited(s.agent(p.Next)))
	mux.Handle("GET /review/next", s.public(onlyPost)) // else {id} would match
	mux.Handle("POST /review/ahead", s.limited(s.agent(p.Ahead)))
	mux.Handle("GET /review/ahead", s.public(onlyPost))
	mux.Handle("POST /review/ahead/release", s.limited(s.agent(p.ReleaseAhead)))
	mux.Handle("GET /review/{id}", s.limited(s.agent(p.Review, "decided", "done", "list")))
	mux.Handle("POST /review/{id}/claim", s.limited(s.agent(p.Claim)))
	mux.Handle("POST /review/{id}/release", s.limited(s.agent(p.Release)))
	mux.Handle("POST /review/{id}/approve", markUrgent(s.limited(s.agent(p.Approve))))
	mux.Handle("POST /review/{id}/undo", markUrgent(s.limited(s.agent(p.Undo))))
	mux.Handle("POST /review/{id}/send", markUrgent(s.limited(s.agent(p.SendNow))))
	mux.Handle("POST /review/bulk", markUrgent(s.limited(s.agent(p.Bulk))))
	mux.Handle("GET /review/bulk", s.limited(s.agent(p.BulkResults, "do", "ids", "row")))
	mux.Handle("POST /review/{id}/revoke", markUrgent(s.limited(s.agent(p.Revoke))))
	mux.Handle("POST /review/users/{user_id}/reopen", s.admin(p.Reopen))
	mux.Handle("POST /review/{id}/reject", markUrgent(s.limited(s.agent(p.Reject))))
	mux.Handle("GET /review/{id}/state", s.limited(s.agent(p.WorkState, "list", "seen")))
	mux.Handle("POST /review/{id}/skip", s.limited(s.agent(p.Skip)))
	mux.Handle("POST /review/{id}/snooze", s.limited(s.agent(p.Snooze)))
	mux.Handle("POST /review/{id}/wake", s.limited(s.agent(p.Wake)))
	mux.Handle("POST /review/{id}/handover", s.limited(s.agent(p.HandOver)))
	mux.Handle("POST /review/{id}/comment", s.limited(s.agent(p.Comment)))

	mux.Handle("GET /numbers", s.limited(s.agent(p.Numbers, "from", "to")))

	mux.Handle("GET /admin", s.admin(p.Admin))
	mux.Handle("GET /admin/people", s.admin(p.People, "find", "done"))
	mux.Handle("POST /admin/people", s.admin(p.Invite))
	mux.Handle("GET /admin/people/{id}", s.admin(p.Person, "done"))
	mux.Handle("POST /admin/people/{id}", s.admin(p.ChangePerson))
	mux.Handle("GET /admin/keys", s.admin(p.ListKeys, "done"))
	mux.Handle("POST /admin/keys", s.admin(p.AddKey))
	mux.Handle("GET /admin/keys/{id}", s.admin(p.Key))
	mux.Handle("POST /admin/keys/{id}", s.admin(p.RevokeKey))
	mux.Handle("GET /admin/webhooks", s.admin(p.ListWebhooks, "done"))
	mux.Handle("POST /admin/webhooks", s.admin(p.AddWebhook))
	mux.Handle("GET /admin/webhooks/{id}", s.admin(p.Webhook, "done", "cursor"))
	mux.Handle("POST /admin/webhooks/{id}", s.admin(p.ChangeWebhook))
	mux.Handle("GET /admin/users", s.admin(p.FindUser, "user"))
	mux.Handle("GET /admin/users/{user_id}", s.admin(p.User))
	mux.Handle("POST /admin/users/{user_id}/erase", s.admin(p.Erase))
	mux.Handle("POST /admin/users/{user_id}/hold", s.admin(p.Hold))
	mux.Handle("POST /admin/users/{user_id}/end-hold", s.admin(p.EndHold))
	mux.Handle("GET /admin/form", s.admin(p.FormPreview, "language"))
	mux.Handle("GET /admin/form/mail", s.admin(p.FormMail, "language"))
	mux.Handle("GET /admin/rules", s.admin(p.Rules, "from", "to"))
	mux.Handle("GET /admin/audit", s.admin(p.ShowAudit, "from", "to", "actor", "action", "ticket", "cursor"))

	mux.Handle("GET /api", s.page(p.API))
	mux.Handle("GET /api/openapi.json", s.public(a.OpenAPI))
	mux.Handle("GET /api/v1/users/{user_id}/latest-ticket", s.cached(account.LatestRead, a.Latest))
	mux.Handle("GET /api/v1/users/{user_id}/latest-tickets", s.limited(s.key(account.LatestRead, a.LatestOf)))
	mux.Handle("POST /api/v1/latest-tickets", s.limited(s.key(account.LatestRead, a.LatestBatch)))
	mux.Handle("GET /api/v1/users/{user_id}/tickets", s.limited(s.key(account.TicketsRead, a.ListOfUser)))
	mux.Handle("GET /api/v1/tickets", s.limited(s.key(account.TicketsRead, a.List)))
	mux.Handle("POST /api/v1/tickets", s.limited(s.key(account.TicketsWrite, a.Submit)))
	mux.Handle("GET /api/v1/events", s.waiting(account.EventsRead, a.Events))
	mux.Handle("POST /api/v1/files", s.key(account.TicketsWrite, a.Upload))
	mux.Handle("GET /api/v1/files/{id}", s.key(account.TicketsRead, a.File))
	mux.Handle("GET /api/v1/tickets/{id}", s.waiting(account.TicketsRead, a.Ticket))
	mux.Handle("POST /api/v1/tickets/{id}/withdraw", markUrgent(s.limited(s.key(account.TicketsWrite, a.Withdraw))))
	mux.Handle("POST /api/v1/tickets/{id}/decision", markUrgent(s.limited(s.key(account.DecisionsWrite, a.Decide))))
	mux.Handle("POST /api/v1/submission-links", s.limited(s.key(account.LinksWrite, a.AddLink)))
	mux.Handle("DELETE /api/v1/submission-links/{id}", s.limited(s.key(account.LinksWrite, a.RevokeLink)))
	mux.Handle("POST /api/v1/webhooks", s.limited(s.key(account.WebhooksWrite, a.AddWebhook)))
	mux.Handle("GET /api/v1/webhooks", s.limited(s.key(account.WebhooksWrite, a.ListWebhooks)))
	mux.Handle("DELETE /api/v1/webhooks/{id}", s.limited(s.key(account.WebhooksWrite, a.DeleteWebhook)))
	mux.Handle("POST /api/v1/webhooks/{id}/rotate", s.limited(s.key(account.WebhooksWrite, a.RotateWebhook)))
	mux.Handle("POST /api/v1/webhooks/{id}/switch-on", s.limited(s.key(account.WebhooksWrite, a.SwitchOnWebhook)))
	mux.Handle("POST /api/v1/webhooks/{id}/test", s.limited(s.key(account.WebhooksWrite, a.TestWebhook)))
	mux.Handle("GET /api/v1/webhooks/{id}/deliveries", s.limited(s.key(account.WebhooksWrite, a.ListDeliveries)))
	mux.Handle("POST /api/v1/webhooks/{id}/resend", s.limited(s.key(account.WebhooksWrite, a.Resend)))
	return mux
}
