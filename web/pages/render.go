package pages

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

// render writes a page, or for htmx the fragment of it that is swapped. It renders to memory first, so that an error gives an
// error page and not half a page.
func (p *Pages) render(w http.ResponseWriter, r *http.Request, status int, page, fragment templ.Component) error {
	shown := page
	if isFragment(r) {
		shown = fragment
	}
	b, _ := p.buffers.Get().(*bytes.Buffer)
	if b == nil {
		b = &bytes.Buffer{}
	}
	defer p.buffers.Put(b)
	b.Reset()
	if err := shown.Render(r.Context(), b); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Add("Vary", "HX-Request, Accept-Language, Cookie")
	w.Header().Set("Content-Language", p.words(r).Tag())
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a client that has gone needs no answer
	return nil
}

// site is what a page shows around its content.
func (p *Pages) site(r *http.Request) views.Site {
	words := p.words(r)
	site := views.Site{Form: p.formFor(r), Zone: p.zone(r), Now: p.Now(), Words: words, Languages: p.languagesFor(r).words, Here: pageAddress(r), SendsMail: p.Mail != nil, SendsInvitations: p.sendsInvitations(), SignIn: p.signInWays(), FormFile: p.formFile()}
	if site.Link = p.link(r); site.Link.Visited() {
		if r.Method != http.MethodGet || isFragment(r) {
			site.Here = site.Link.Home()
		}
		return site
	}
	if owner := request.Session(r).Owner; owner.Email != "" {
		site.Me = views.Me{ID: owner.ID.String(), Email: owner.Email, Role: string(request.Account(r).Role)}
	}
	return site
}

// ShowProblem answers with an error, as a page or a fragment.
func (p *Pages) ShowProblem(w http.ResponseWriter, r *http.Request, found problem.Problem, cause error) {
	r = p.withAccount(r, found)
	if found.Code == problem.OtherAccount && isFragment(r) { // what was typed stays on the page
		w.Header().Set("HX-Retarget", "#notice")
		w.Header().Set("HX-Reswap", "innerHTML")
	}
	site := p.site(r)
	shown := views.Problem{
		Title: found.Title(site.Words), Detail: found.Detail(site.Words, cause), RequestID: request.RecordOf(r.Context()).ID,
	}
	if site.Link.Visited() {
		shown.Back = site.Link.Home()
	}
	if other, ok := errors.AsType[problem.SignedInAs](cause); ok && !isFragment(r) { // a fragment leaves the page as it is
		shown.Typed = typedTexts(site, other.Typed)
	}
	if err := p.render(w, r, found.Status, views.ErrorPage(site, shown), views.ErrorNote(site, shown)); err != nil {
		if r.Context().Err() == nil { // else the client has gone
			p.Log.Error("the error page cannot be shown", "request_id", shown.RequestID, "error", err)
		}
		http.Error(w, shown.Title, found.Status)
	}
}

// typedTexts are the texts that somebody typed into a form of docket, with their labels.
func typedTexts(site views.Site, sent form.Input) (typed []views.TypedText) {
	for field := range site.Form.Inputs() {
		if sent.Text(field.Name) != "" && !field.Type.Upload() && field.Rows == nil {
			typed = append(typed, views.TypedText{Label: field.Label, Text: strings.Join(sent.Values(field.Name), ", ")})
		}
	}
	for _, name := range []string{"comment", "note"} {
		if sent.Text(name) != "" {
			typed = append(typed, views.TypedText{Label: site.T("review." + name), Text: sent.Text(name)})
		}
	}
	return typed
}

// withAccount finds out who is signed in where a request failed before that was known, so that its error page has the
// navigation of other pages. When a database is the problem, it is not asked again.
func (p *Pages) withAccount(r *http.Request, found problem.Problem) *http.Request {
	if request.OwnerOf(r).Visits() || request.Session(r).Owner != (account.Account{}) || found.Status == http.StatusServiceUnavailable {
		return r
	}
	ctx, cancel := context.WithTimeout(r.Context(), request.Timeout)
	defer cancel()
	session, err := p.Sessions.Current(r.WithContext(ctx))
	if err != nil {
		return r // the page has no navigation, but says what went wrong
	}
	return r.WithContext(request.WithSession(r.Context(), session))
}

// convertTexts gives texts another type.
func convertTexts[To, From ~string](texts []From) []To {
	converted := make([]To, len(texts))
	for i, text := range texts {
		converted[i] = To(text)
	}
	return converted
}

// siteOf is site for a page that shows the answers of these tickets.
func (p *Pages) siteOf(r *http.Request, tickets ...ticket.Ticket) views.Site {
	site := p.site(r)
	site.EarlierForms = p.Forms.OfTickets(r.Context(), p.Form, tickets...)
	return site
}
