package pages

import (
	"errors"
	"net/http"

	"docket/internal/mail"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

// DevMail lists the e-mails that docket dev has written.
func (p *Pages) DevMail(w http.ResponseWriter, r *http.Request) error {
	folder := p.mailFolder(r)
	if folder == nil {
		return problem.ErrNoPage
	}
	list, err := folder.List()
	if err != nil {
		return err
	}
	messages := make([]views.Message, len(list))
	for i, message := range list {
		messages[i] = views.Message(message)
	}
	site := p.site(r)
	return p.render(w, r, http.StatusOK, views.DevMailPage(site, messages), views.DevMailList(site, messages))
}

// DevMessage shows one e-mail that docket dev has written.
func (p *Pages) DevMessage(w http.ResponseWriter, r *http.Request) error {
	folder := p.mailFolder(r)
	if folder == nil {
		return problem.ErrNoPage
	}
	message, err := folder.Read(r.PathValue("name"))
	if errors.Is(err, mail.ErrNoMessage) {
		return problem.ErrNoPage
	}
	if err != nil {
		return err
	}
	site := p.site(r)
	return p.render(w, r, http.StatusOK, views.DevMessagePage(site, views.Message(message)), views.DevMessage(site, views.Message(message)))
}

// mailFolder is where docket dev writes e-mails; nil on every other docket, and for requests from other machines.
func (p *Pages) mailFolder(r *http.Request) *mail.Folder {
	if p.Mail == nil || !request.Client(r, nil).IsLoopback() {
		return nil
	}
	return p.Mail.Folder()
}
