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
	letters := make([]views.Letter, len(list))
	for i, letter := range list {
		letters[i] = views.Letter(letter)
	}
	site := p.site(r)
	return p.render(w, r, http.StatusOK, views.DevMailPage(site, letters), views.DevMailList(site, letters))
}

// DevLetter shows one e-mail that docket dev has written.
func (p *Pages) DevLetter(w http.ResponseWriter, r *http.Request) error {
	folder := p.mailFolder(r)
	if folder == nil {
		return problem.ErrNoPage
	}
	letter, err := folder.Read(r.PathValue("name"))
	if errors.Is(err, mail.ErrNoLetter) {
		return problem.ErrNoPage
	}
	if err != nil {
		return err
	}
	site := p.site(r)
	return p.render(w, r, http.StatusOK, views.DevLetterPage(site, views.Letter(letter)), views.DevLetter(site, views.Letter(letter)))
}

// mailFolder is where docket dev writes e-mails; nil on every other docket, and for requests from other machines.
func (p *Pages) mailFolder(r *http.Request) *mail.Folder {
	if p.Mail == nil || !request.Client(r, nil).IsLoopback() {
		return nil
	}
	return p.Mail.Folder()
}
