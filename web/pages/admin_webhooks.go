package pages

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"docket/internal/audit"
	"docket/internal/feed"
	"docket/internal/ticket"
	"docket/internal/webhook"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

// ListWebhooks lists the webhooks.
func (p *Pages) ListWebhooks(w http.ResponseWriter, r *http.Request) error {
	view := views.WebhooksView{Deleted: r.URL.Query().Get("done") == "delete", Asked: readConfirmation(r)}
	view.Form.Types = convertTexts[string](feed.Types)
	return p.showWebhooks(w, r, http.StatusOK, view)
}

func (p *Pages) showWebhooks(w http.ResponseWriter, r *http.Request, status int, view views.WebhooksView) error {
	all, err := p.Webhooks.List(r.Context())
	if err != nil {
		return err
	}
	for _, each := range all {
		view.Webhooks = append(view.Webhooks, webhookView(each))
	}
	view.Form.Choice = convertTexts[string](feed.Types)
	site := p.site(r)
	return p.render(w, r, status, views.WebhooksPage(site, view), views.Webhooks(site, view))
}

func webhookView(w webhook.Webhook) views.Webhook {
	return views.Webhook{
		ID: w.ID, URL: w.URL, Types: convertTexts[string](w.Types), AddedBy: w.AddedBy, Added: w.AddedAt, FailingSince: w.FailingSince, Off: string(w.Off), OffAt: w.OffAt,
		OldSecretEnds: w.OldSecretEnds, Unreadable: w.Unreadable,
	}
}

// AddWebhook adds a webhook and shows its secret once.
func (p *Pages) AddWebhook(w http.ResponseWriter, r *http.Request) error {
	if err := request.ParseForm(r); err != nil {
		return err
	}
	typed := views.WebhookForm{URL: strings.TrimSpace(r.PostForm.Get("url")), Types: r.PostForm["type"], Invalid: map[string]string{}}
	asked, status, err := p.confirmAgain(w, r)
	if err != nil {
		return err
	}
	if status != 0 {
		return p.showWebhooks(w, r, status, views.WebhooksView{Asked: asked, Form: typed})
	}
	added, secret, err := p.Webhooks.Add(r.Context(), typed.URL, convertTexts[feed.Type](typed.Types), request.ActorOf(request.Account(r)))
	if p.noteRefusal(r, typed.Invalid, err) {
		return p.showWebhooks(w, r, http.StatusUnprocessableEntity, views.WebhooksView{Asked: asked, Form: typed})
	}
	if err != nil {
		return err
	}
	return p.showSecret(w, r, audit.WebhookAdded, added, secret)
}

// noteRefusal notes why a webhook may not be; false: another error, or none.
func (p *Pages) noteRefusal(r *http.Request, invalid map[string]string, err error) bool {
	for _, refused := range []struct {
		err        error
		field, key string
	}{
		{webhook.ErrURL, "url", "webhooks.wrong_url"},
		{webhook.ErrPlain, "url", "webhooks.not_https"},
		{webhook.ErrReserved, "url", "webhooks.reserved"},
		{webhook.ErrTooMany, "url", "webhooks.too_many"},
		{webhook.ErrTypes, "type", "keys_page.no_scope"},
	} {
		if errors.Is(err, refused.err) {
			invalid[refused.field] = p.words(r).T(refused.key)
			return true
		}
	}
	return false
}

// showSecret records what made a secret, and shows it.
func (p *Pages) showSecret(w http.ResponseWriter, r *http.Request, action audit.Action, of webhook.Webhook, secret string) error {
	if err := p.Audit.Record(r.Context(), request.NewEntry(r, action, audit.WebhookObject(of.ID))); err != nil {
		return err
	}
	site, made := p.site(r), views.NewSecret{Webhook: webhookView(of), Secret: secret}
	return p.render(w, r, http.StatusOK, views.NewSecretPage(site, made), views.NewSecretNote(site, made))
}

// Webhook shows one webhook, and what was sent to it.
func (p *Pages) Webhook(w http.ResponseWriter, r *http.Request) error {
	view := views.WebhookView{Asked: readConfirmation(r)}
	if done := r.URL.Query().Get("done"); slices.Contains(views.WebhookChanges, done) {
		view.Done = done
	}
	return p.showWebhook(w, r, http.StatusOK, view)
}

func (p *Pages) showWebhook(w http.ResponseWriter, r *http.Request, status int, view views.WebhookView) error {
	id, err := parseWebhook(r)
	if err != nil {
		return err
	}
	found, err := p.Webhooks.Find(r.Context(), id)
	if err != nil {
		return err
	}
	view.Webhook = webhookView(found)
	if err := p.fillDeliveries(r, id, &view); err != nil {
		return err
	}
	site := p.site(r)
	return p.render(w, r, status, views.WebhookPage(site, view), views.WebhookSection(site, view))
}

func parseWebhook(r *http.Request) (uuid.UUID, error) {
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil {
		return uuid.Nil, webhook.ErrNotFound
	}
	return id, nil
}

// fillDeliveries adds one page of what was sent, and the addresses of the first and the next one.
func (p *Pages) fillDeliveries(r *http.Request, id uuid.UUID, view *views.WebhookView) error {
	cursor := r.URL.Query().Get("cursor")
	before, err := p.Lists.ParseCursor(cursor, "deliveries", id.String())
	if err != nil {
		return err
	}
	listed, next, err := p.Webhooks.Deliveries(r.Context(), id, webhook.Place(before), views.DefaultLimit)
	if err != nil {
		return err
	}
	for _, d := range listed {
		view.Deliveries = append(view.Deliveries, views.Delivery{
			ID: d.ID, Type: string(d.Type), TicketID: d.TicketID, State: string(d.State), Attempts: d.Attempts, Status: d.Status, Failure: string(d.Failure),
			Answer: d.Answer, Next: d.NextAt, Updated: d.UpdatedAt,
		})
	}
	if cursor != "" {
		view.FirstURL = views.WebhookPath(id)
	}
	if next != (webhook.Place{}) {
		view.NextURL = views.WebhookPagePath(id, p.Lists.Sign(ticket.Cursor(next), "deliveries", id.String()))
	}
	return nil
}

// ChangeWebhook does with a webhook what an admin chose. A new secret, and the end of the webhook, ask for password and code.
func (p *Pages) ChangeWebhook(w http.ResponseWriter, r *http.Request) error {
	if err := request.ParseForm(r); err != nil {
		return err
	}
	id, err := parseWebhook(r)
	if err != nil {
		return err
	}
	switch r.PostForm.Get("change") {
	case "rotate", "delete":
		return p.changeConfirmed(w, r, id)
	case "on":
		_, err := p.Webhooks.SwitchOn(r.Context(), id)
		return p.finishWebhook(w, r, audit.WebhookOn, id, err)
	case "test":
		_, err := p.Webhooks.Test(r.Context(), id)
		return p.finishWebhook(w, r, audit.WebhookTested, id, err)
	case "resend":
		delivery, err := uuid.Parse(r.PostForm.Get("delivery"))
		if err != nil {
			return problem.ErrPage
		}
		_, err = p.Webhooks.Resend(r.Context(), id, delivery)
		return p.finishWebhook(w, r, audit.WebhookResent, id, err)
	case "since":
		return p.resendSince(w, r, id)
	}
	return problem.ErrPage
}

// changeConfirmed gives a webhook another secret, or deletes it.
func (p *Pages) changeConfirmed(w http.ResponseWriter, r *http.Request, id uuid.UUID) error {
	asked, status, err := p.confirmAgain(w, r)
	if err != nil {
		return err
	}
	if status != 0 {
		return p.showWebhook(w, r, status, views.WebhookView{Asked: asked})
	}
	if r.PostForm.Get("change") == "rotate" {
		rotated, secret, err := p.Webhooks.Rotate(r.Context(), id)
		if err != nil {
			return err
		}
		return p.showSecret(w, r, audit.WebhookRotated, rotated, secret)
	}
	if err := p.Webhooks.Delete(r.Context(), id); err != nil {
		return err
	}
	if err := p.Audit.Record(r.Context(), request.NewEntry(r, audit.WebhookDeleted, audit.WebhookObject(id))); err != nil {
		return err
	}
	http.Redirect(w, r, views.WebhooksDonePath("delete"), http.StatusSeeOther)
	return nil
}

// resendSince has everything sent again since the time that was typed.
func (p *Pages) resendSince(w http.ResponseWriter, r *http.Request, id uuid.UUID) error {
	typed := strings.TrimSpace(r.PostForm.Get("since"))
	since, ok := p.Form.ParseTime(typed, 0)
	if !ok {
		view := views.WebhookView{Asked: readConfirmation(r), Since: typed, WrongSince: p.words(r).T("webhooks.wrong_since")}
		return p.showWebhook(w, r, http.StatusUnprocessableEntity, view)
	}
	return p.finishWebhook(w, r, audit.WebhookResent, id, p.Webhooks.ResendSince(r.Context(), id, since))
}

// finishWebhook records what was done with a webhook, and returns to it.
func (p *Pages) finishWebhook(w http.ResponseWriter, r *http.Request, action audit.Action, id uuid.UUID, err error) error {
	if errors.Is(err, webhook.ErrOff) { // the page is older than that
		http.Redirect(w, r, views.WebhookPath(id), http.StatusSeeOther)
		return nil
	}
	if err != nil {
		return err
	}
	if err := p.Audit.Record(r.Context(), request.NewEntry(r, action, audit.WebhookObject(id))); err != nil {
		return err
	}
	http.Redirect(w, r, views.WebhookDonePath(id, r.PostForm.Get("change")), http.StatusSeeOther)
	return nil
}
