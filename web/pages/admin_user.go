package pages

import (
	"errors"
	"net/http"
	"slices"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/erasure"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

// userInPath is the id of the user whom the address names.
func userInPath(r *http.Request) string { return views.UserOfPart(r.PathValue("user_id")) }

// User shows what is kept of a user.
func (p *Pages) User(w http.ResponseWriter, r *http.Request) error {
	return p.showUser(w, r, http.StatusOK, views.UserView{Asked: readConfirmation(r)})
}

// Erase erases all that is known of a user, whose id has to be typed again.
func (p *Pages) Erase(w http.ResponseWriter, r *http.Request) error {
	if err := request.ParseForm(r); err != nil {
		return err
	}
	user := userInPath(r)
	view := views.UserView{Asked: readConfirmation(r), Confirm: r.PostForm.Get("confirm"), Reason: r.PostForm.Get("reason"), Invalid: map[string]string{}}
	if view.Confirm != user {
		view.Invalid["confirm"] = p.words(r).T("user.wrong_confirm")
	}
	if !slices.Contains(erasure.Reasons, view.Reason) {
		view.Invalid["reason"] = p.words(r).T("user.no_reason")
	}
	if len(view.Invalid) > 0 {
		return p.showUser(w, r, http.StatusUnprocessableEntity, view)
	}
	asked, status, err := p.confirmAgain(w, r)
	if err != nil {
		return err
	}
	if view.Asked = asked; status != 0 {
		return p.showUser(w, r, status, view)
	}
	done, repeated, err := p.Erasures.EraseUserAsAdmin(r.Context(), request.Session(r).Hash(), user, request.ActorOf(request.Account(r)), view.Reason)
	switch {
	case errors.Is(err, erasure.ErrUnconfirmed):
		view.Asked = p.askToConfirm(r)
		return p.showUser(w, r, http.StatusUnprocessableEntity, view)
	case errors.Is(err, erasure.ErrHeld), errors.Is(err, erasure.ErrStaff): // the page says which
		return p.showUser(w, r, http.StatusConflict, view)
	case err != nil && done == (erasure.Erasure{}):
		return err
	case err != nil:
		p.Log.Warn("the bytes of erased files are not all deleted yet", "error", err)
	}
	if !repeated {
		if err := p.recordUser(r, audit.Erased); err != nil {
			return err
		}
	}
	http.Redirect(w, r, views.UserPath(user), http.StatusSeeOther)
	return nil
}

// Hold keeps the data of a user.
func (p *Pages) Hold(w http.ResponseWriter, r *http.Request) error {
	if err := request.ParseForm(r); err != nil {
		return err
	}
	user, why := userInPath(r), request.TidyText(r.PostForm.Get("hold"))
	message := textProblem(why, p.words(r))
	if why == "" {
		message = p.words(r).T("user.no_hold_reason")
	}
	if message != "" {
		return p.showUser(w, r, http.StatusUnprocessableEntity, views.UserView{Asked: readConfirmation(r), HoldReason: why, Invalid: map[string]string{"hold": message}})
	}
	if _, err := p.summarizeUser(r); err != nil {
		return err
	}
	if _, err := p.Erasures.AddHoldAsAdmin(r.Context(), request.Session(r).Hash(), user, why); errors.Is(err, erasure.ErrUnconfirmed) {
		return problem.ErrSignIn
	} else if err != nil {
		return err
	}
	if err := p.recordUser(r, audit.HoldAdded); err != nil {
		return err
	}
	http.Redirect(w, r, views.UserPath(user), http.StatusSeeOther)
	return nil
}

// EndHold ends the hold on a user; that there is none is no error.
func (p *Pages) EndHold(w http.ResponseWriter, r *http.Request) error {
	if _, err := p.summarizeUser(r); err != nil {
		return err
	}
	user := userInPath(r)
	err := p.Erasures.RemoveHoldAsAdmin(r.Context(), request.Session(r).Hash(), user)
	if err == nil {
		err = p.recordUser(r, audit.HoldRemoved)
	}
	if err != nil && !errors.Is(err, ticket.ErrNotFound) {
		return err
	}
	http.Redirect(w, r, views.UserPath(user), http.StatusSeeOther)
	return nil
}

// recordUser records what was done with the data of the user.
func (p *Pages) recordUser(r *http.Request, action audit.Action) error {
	return p.Audit.Record(r.Context(), request.NewEntry(r, action, audit.UserObject(userInPath(r))))
}

// summarizeUser counts what is kept of the user: ticket.ErrNotFound when nothing was ever known of them.
func (p *Pages) summarizeUser(r *http.Request) (erasure.Summary, error) {
	user := userInPath(r)
	if !request.ValidUserID(user) {
		return erasure.Summary{}, ticket.ErrNotFound
	}
	kept, err := p.Erasures.Summarize(r.Context(), user)
	if err == nil && kept.Empty() {
		err = ticket.ErrNotFound
	}
	return kept, err
}

// showUser adds what is kept of the user to what was typed.
func (p *Pages) showUser(w http.ResponseWriter, r *http.Request, status int, view views.UserView) error {
	kept, err := p.summarizeUser(r)
	if err != nil {
		return err
	}
	if err := p.recordCount(r, audit.SearchShown, "", kept.Tickets); err != nil {
		return err
	}
	view.UserID, view.Email, view.Staff = userInPath(r), kept.Email, account.Role(kept.Role).Reviews()
	view.Tickets, view.ErasedTickets, view.Files, view.Drafts, view.Links = int(kept.Tickets), int(kept.ErasedTickets), int(kept.Files), int(kept.Drafts), int(kept.Links)
	view.Reasons = erasure.Reasons
	if err := p.addErasures(r, &view); err != nil {
		return err
	}
	site := p.site(r)
	return p.render(w, r, status, views.UserPage(site, view), views.UserData(site, view))
}

// addErasures adds what was erased of the user before, the hold, and the names of who did that.
func (p *Pages) addErasures(r *http.Request, view *views.UserView) error {
	held, err := p.Erasures.HoldOf(r.Context(), view.UserID)
	if err != nil {
		return err
	}
	view.Hold = views.HoldView{By: held.By, Reason: held.Reason, At: held.At}
	done, err := p.Erasures.List(r.Context(), view.UserID)
	if err != nil {
		return err
	}
	actors := []string{held.By}
	for _, e := range done {
		view.Erasures = append(view.Erasures, views.ErasureView{By: e.By, Reason: e.Reason, At: e.At})
		actors = append(actors, e.By)
	}
	view.Names, err = p.emailsOf(r.Context(), actors)
	return err
}
