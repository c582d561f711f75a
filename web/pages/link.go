package pages

import (
	"cmp"
	"net/http"
	"net/url"

	"github.com/google/uuid"

	"docket/internal/audit"
	"docket/internal/bearertoken"
	"docket/internal/files"
	"docket/internal/submissionlink"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/intake"
	"docket/web/problem"
	"docket/web/request"
)

const linkCookie = "docket_link" // a token of the browser, the same for all links

// FindVisitor is the owner of what a request to a submission link is about. submissionlink.ErrNotFound when there is no such link.
func (p *Pages) FindVisitor(r *http.Request) (request.Owner, error) {
	token := r.PathValue("token")
	link, err := p.Links.Find(r.Context(), token)
	if err != nil {
		return request.Owner{}, err
	}
	return request.Owner{UserID: link.UserID, Link: link, Token: token, First: link.KnowsFirst(p.Cookies.Value(r, linkCookie))}, nil
}

// Admit lets only browsers that the link knows reach a handler. Others get the page that lets them in, and all of them one that says so
// when the link has ended.
func (p *Pages) Admit(h Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		link := request.OwnerOf(r).Link
		switch {
		case link.Expired || link.Revoked:
			return p.showLinkEnded(w, r)
		case link.Knows(p.Cookies.Value(r, linkCookie)):
			return h(w, r)
		case link.Begun():
			return p.showLinkCode(w, r, http.StatusForbidden, "")
		case r.Method == http.MethodPost:
			return p.showLinkStart(w, r, http.StatusForbidden)
		}
		return p.showLinkStart(w, r, http.StatusOK)
	}
}

// AdmitUnsent is Admit for the form: when it was sent, the page that says so is shown.
func (p *Pages) AdmitUnsent(h Handler) Handler {
	return p.Admit(func(w http.ResponseWriter, r *http.Request) error {
		if request.OwnerOf(r).Link.Ticket == uuid.Nil {
			return h(w, r)
		}
		if r.Method == http.MethodPost && !isFragment(r) {
			http.Redirect(w, r, p.link(r).Home(), http.StatusSeeOther)
			return nil
		}
		return p.LinkHome(w, r)
	})
}

// link is the submission link of a request as its pages need it; the zero Link when there is none.
func (p *Pages) link(r *http.Request) views.Link {
	owner := request.OwnerOf(r)
	if !owner.Visits() {
		return views.Link{Locked: p.fixedFields()}
	}
	shown := views.Link{Token: owner.Token, Sent: owner.Link.Ticket != uuid.Nil, Elsewhere: owner.Link.Begun() && !owner.First, Locked: p.fixedFields()}
	for _, name := range owner.Link.Locked {
		shown.Locked[name] = true
	}
	shown.Back, shown.BackHost = returnAddress(owner.Link, owner.Link.Knows(p.Cookies.Value(r, linkCookie)))
	return shown
}

// fixedFields are the fields whose answers are known, so that nobody can change them on a page.
func (p *Pages) fixedFields() map[string]bool {
	fixed := map[string]bool{}
	for name := range p.Form.Fixed(nil) {
		fixed[name] = true
	}
	return fixed
}

// returnAddress is where the person of a link goes afterwards, and the host of that; empty when the link does not say. Only a browser
// that the link knows brings back the state, and which ticket was sent.
func returnAddress(link submissionlink.Link, known bool) (address, host string) {
	u, err := url.Parse(link.ReturnURL)
	if err != nil || link.ReturnURL == "" {
		return "", ""
	}
	if q := u.Query(); known {
		if link.State != "" {
			q.Set("state", link.State)
		}
		if link.Ticket != uuid.Nil {
			q.Set("status", "submitted")
			q.Set("ticket_id", link.Ticket.String())
		}
		u.RawQuery = q.Encode()
	}
	return u.String(), u.Host
}

// LinkHome shows what became of what the key of the link has submitted for its user, or else the form.
func (p *Pages) LinkHome(w http.ResponseWriter, r *http.Request) error {
	owner := request.OwnerOf(r)
	if owner.Link.Ticket != uuid.Nil {
		t, err := p.Desk.TicketOf(ticket.Fresh(r.Context()), owner.UserID, owner.Link.Ticket)
		if err != nil {
			return err
		}
		return p.showOwnTicket(w, r, t)
	}
	own, err := p.Desk.TicketsOf(r.Context(), owner.UserID, ticket.Page{Limit: 1})
	if err != nil {
		return err
	}
	draft, err := p.Files.Draft(r.Context(), owner.Draft())
	if err != nil {
		return err
	}
	if p.Form.OneOpen && len(own.Tickets) > 0 && owner.Sees(own.Tickets[0]) && (len(draft.Answers) == 0 || own.Tickets[0].Status.Open()) {
		return p.showOwnTicket(w, r, own.Tickets[0])
	}
	return p.NewTicket(w, r)
}

// LinkFile sends a file that came with the link, or that is of a ticket which the key of the link has submitted for its user.
func (p *Pages) LinkFile(w http.ResponseWriter, r *http.Request) error {
	size, err := previewSize(r)
	if err != nil {
		return err
	}
	file, err := p.Attachments.FromPath(r)
	if err != nil {
		return err
	}
	owner := request.OwnerOf(r)
	if file.UserID != owner.UserID {
		return files.ErrNotFound
	}
	if file.By != owner.Uploader() {
		t, err := p.Desk.TicketOf(r.Context(), owner.UserID, file.Ticket)
		if err != nil || !owner.Sees(t) {
			return files.ErrNotFound
		}
	}
	if size != 0 {
		return p.Attachments.SendPreview(w, r, file, size)
	}
	return p.Attachments.Send(w, r, file)
}

// BeginLink lets the first browser use the link. That needs a button: programs that look at links in messages begin none.
func (p *Pages) BeginLink(w http.ResponseWriter, r *http.Request) error {
	owner := request.OwnerOf(r)
	if owner.Link.Expired || owner.Link.Revoked {
		return p.showLinkEnded(w, r)
	}
	browser := cmp.Or(p.Cookies.Value(r, linkCookie), bearertoken.New())
	if !owner.Link.Knows(browser) {
		first, err := p.Links.Begin(r.Context(), owner.Link, browser)
		if err != nil {
			return err
		}
		if !first {
			return p.showLinkCode(w, r, http.StatusForbidden, "")
		}
		if err := p.Audit.Record(r.Context(), request.NewEntry(r, audit.LinkOpened, audit.LinkObject(owner.Link.ID))); err != nil {
			return err
		}
	}
	return p.enterLink(w, r, browser)
}

// AdmitBrowser lets another browser use the link, which shows the code of the first one.
func (p *Pages) AdmitBrowser(w http.ResponseWriter, r *http.Request) error {
	owner := request.OwnerOf(r)
	if owner.Link.Expired || owner.Link.Revoked {
		return p.showLinkEnded(w, r)
	}
	if err := request.ParseForm(r); err != nil {
		return err
	}
	browser := cmp.Or(p.Cookies.Value(r, linkCookie), bearertoken.New())
	if owner.Link.Knows(browser) {
		return p.enterLink(w, r, browser)
	}
	switch err := p.Links.Admit(r.Context(), owner.Link, browser, r.PostForm.Get("code"), p.Now()); err {
	case nil:
	case submissionlink.ErrTries:
		return p.showLinkCode(w, r, http.StatusTooManyRequests, p.words(r).T("link.too_many"))
	case submissionlink.ErrCode:
		if err := p.Audit.Record(r.Context(), request.NewEntry(r, audit.LinkCodeFailed, audit.LinkObject(owner.Link.ID))); err != nil {
			return err
		}
		return p.showLinkCode(w, r, http.StatusUnprocessableEntity, p.words(r).T("link.wrong_code"))
	default:
		return err
	}
	if err := p.Audit.Record(r.Context(), request.NewEntry(r, audit.LinkOpened, audit.LinkObject(owner.Link.ID))); err != nil {
		return err
	}
	return p.enterLink(w, r, browser)
}

// enterLink leads a browser that the link knows to its page.
func (p *Pages) enterLink(w http.ResponseWriter, r *http.Request, browser string) error {
	http.SetCookie(w, p.Cookies.New(linkCookie, browser, int(submissionlink.MaxLife.Seconds())))
	http.Redirect(w, r, p.link(r).Home(), http.StatusSeeOther)
	return nil
}

func (p *Pages) showLinkStart(w http.ResponseWriter, r *http.Request, status int) error {
	site := p.site(r)
	return p.render(w, r, status, views.LinkStartPage(site), views.LinkStart(site))
}

func (p *Pages) showLinkCode(w http.ResponseWriter, r *http.Request, status int, wrong string) error {
	site := p.site(r)
	typed := r.URL.Query().Get("code")
	if r.Method == http.MethodPost {
		typed = ""
	}
	view := views.LinkCodeView{Code: typed, Problem: wrong, Full: request.OwnerOf(r).Link.Full()}
	return p.render(w, r, status, views.LinkCodePage(site, view), views.LinkCode(site, view))
}

func (p *Pages) showLinkEnded(w http.ResponseWriter, r *http.Request) error {
	site, revoked := p.site(r), request.OwnerOf(r).Link.Revoked
	request.RecordOf(r.Context()).Code = string(problem.NotFound)
	return p.render(w, r, http.StatusGone, views.LinkEndedPage(site, revoked), views.LinkEnded(site, revoked))
}

// wantsPhone leads from a form whose draft is saved to the page that shows how to go on with a phone.
func (p *Pages) wantsPhone(w http.ResponseWriter, r *http.Request, sent intake.FormInput) error {
	before := 0
	for _, name := range p.Form.Uploads() {
		before += len(fileIDs(sent.Values(name)))
	}
	http.Redirect(w, r, p.link(r).PhonePath(before), http.StatusSeeOther)
	return nil
}
