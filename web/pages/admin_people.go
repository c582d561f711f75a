package pages

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

// People lists agents and admins, and whoever has the address that is looked for.
func (p *Pages) People(w http.ResponseWriter, r *http.Request) error {
	view := views.PeopleView{Invited: r.URL.Query().Get("done") == "invited", Invite: views.Invite{Asked: readConfirmation(r)}}
	return p.showPeople(w, r, http.StatusOK, view)
}

func (p *Pages) showPeople(w http.ResponseWriter, r *http.Request, status int, view views.PeopleView) error {
	view.Find = strings.TrimSpace(r.URL.Query().Get("find"))
	if !request.ValidText(view.Find) {
		return problem.ErrQuery
	}
	found, more, err := p.Accounts.People(r.Context(), view.Find)
	if err != nil {
		return err
	}
	for _, each := range found {
		view.People = append(view.People, p.personView(r, each))
	}
	view.More = more
	if err := p.recordCount(r, audit.AccountsShown, "", int64(len(found))); err != nil {
		return err
	}
	site := p.site(r)
	return p.render(w, r, status, views.PeoplePage(site, view), views.People(site, view))
}

func (p *Pages) personView(r *http.Request, a account.Person) views.Person {
	return views.Person{
		ID: a.ID, Email: a.Email, Role: string(a.Role), Version: a.Version, Teams: strings.Join(a.Teams, ", "), Attributes: account.FormatAttributes(a.Attributes), Factor: a.Factor, Sessions: int(a.Sessions),
		Added: a.CreatedAt, SignedIn: a.SignedInAt, Disabled: a.DisabledAt, Invited: a.Invited, Provider: a.Provider, Unconfirmed: !a.Confirmed,
		Self: a.ID == request.Session(r).Owner.ID, FactorNeeded: p.Sessions.MustHaveFactor(a.Role) && !a.Provider,
	}
}

// sendsInvitations reports whether who is invited gets an e-mail. The e-mails of docket dev stay in a folder.
func (p *Pages) sendsInvitations() bool { return p.Mail != nil && p.Mail.Confirms() }

// Invite adds an account whose owner chooses a password by a link, which is sent, or shown once.
func (p *Pages) Invite(w http.ResponseWriter, r *http.Request) error {
	if err := request.ParseForm(r); err != nil {
		return err
	}
	invite := views.Invite{Email: r.PostForm.Get("email"), Role: r.PostForm.Get("role"), Asked: readConfirmation(r)}
	if account.EmailOfAccount(invite.Email) == "" || !slices.Contains(views.Roles, invite.Role) {
		invite.Problem = p.words(r).T("signup.email_wrong")
		return p.showPeople(w, r, http.StatusUnprocessableEntity, views.PeopleView{Invite: invite})
	}
	asked, status, err := p.confirmAgain(w, r)
	if err != nil {
		return err
	}
	if invite.Asked = asked; status != 0 {
		return p.showPeople(w, r, status, views.PeopleView{Invite: invite})
	}
	mailed := p.sendsInvitations()
	owner, token, err := p.Accounts.InviteAsAdmin(r.Context(), request.Session(r), invite.Email, account.Role(invite.Role), mailed)
	switch {
	case errors.Is(err, account.ErrEmailTaken):
		invite.Problem = p.words(r).T("people.taken")
		return p.showPeople(w, r, http.StatusUnprocessableEntity, views.PeopleView{Invite: invite})
	case errors.Is(err, account.ErrNotConfirmed):
		invite.Asked = p.askToConfirm(r)
		return p.showPeople(w, r, http.StatusUnprocessableEntity, views.PeopleView{Invite: invite})
	case err != nil:
		return err
	}
	if err := p.Audit.Record(r.Context(), request.NewEntry(r, audit.AccountAdded, audit.AccountObject(owner))); err != nil {
		return err
	}
	if mailed {
		p.Mail.Wake()
		http.Redirect(w, r, views.PeopleDonePath(), http.StatusSeeOther)
		return nil
	}
	site, handed := p.site(r), views.HandedLink{Email: account.NormalizeEmail(invite.Email), Link: p.baseURL(r) + views.ResetPath(token)}
	return p.render(w, r, http.StatusOK, views.HandedLinkPage(site, handed), views.HandedLinkNote(site, handed))
}

// baseURL is where people reach docket: as it is set, else as this request did.
func (p *Pages) baseURL(r *http.Request) string {
	if p.BaseURL != "" {
		return p.BaseURL
	}
	return "http://" + r.Host
}

// Person shows one account.
func (p *Pages) Person(w http.ResponseWriter, r *http.Request) error {
	view := views.PersonView{Asked: readConfirmation(r)}
	if done := r.URL.Query().Get("done"); slices.Contains(views.PersonChanges, done) {
		view.Done = done
	}
	return p.showPerson(w, r, http.StatusOK, view)
}

func (p *Pages) showPerson(w http.ResponseWriter, r *http.Request, status int, view views.PersonView) error {
	found, err := p.findPerson(r)
	if err != nil {
		return err
	}
	view.Person = p.personView(r, found)
	if err := p.recordCount(r, audit.AccountsShown, audit.AccountObject(found.ID), 1); err != nil {
		return err
	}
	site := p.site(r)
	return p.render(w, r, status, views.PersonPage(site, view), views.PersonSection(site, view))
}

func (p *Pages) findPerson(r *http.Request) (account.Person, error) {
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil {
		return account.Person{}, ticket.ErrNotFound
	}
	found, err := p.Accounts.Person(r.Context(), id)
	if errors.Is(err, account.ErrNoAccount) {
		err = ticket.ErrNotFound
	}
	return found, err
}

// changeActions are what the audit says of changes; of a new role it says RoleChanged.
var changeActions = map[account.Change]audit.Action{
	account.Disable: audit.AccountDisabled, account.Enable: audit.AccountEnabled, account.SignOut: audit.SessionsEnded, account.FactorOff: audit.FactorRemoved,
	account.NewRole(account.Customer): audit.RoleChanged, account.NewRole(account.Agent): audit.RoleChanged, account.NewRole(account.Admin): audit.RoleChanged,
}

// ChangePerson changes one account, which signs it out.
func (p *Pages) ChangePerson(w http.ResponseWriter, r *http.Request) error {
	if err := request.ParseForm(r); err != nil {
		return err
	}
	found, err := p.findPerson(r)
	if err != nil {
		return err
	}
	change := account.Change(r.PostForm.Get("change"))
	if change == "teams" {
		return p.setTeams(w, r, found)
	}
	if change == "role" {
		change = account.NewRole(account.Role(r.PostForm.Get("role")))
	}
	version, err := strconv.ParseInt(r.PostForm.Get("version"), 10, 64)
	if changeActions[change] == "" || err != nil {
		return problem.ErrPage
	}
	asked, status, err := p.confirmAgain(w, r)
	if err != nil {
		return err
	}
	if status != 0 {
		return p.showPerson(w, r, status, views.PersonView{Asked: asked})
	}
	if err := p.Accounts.ChangeAsAdmin(r.Context(), request.Session(r), found.ID, version, change); err != nil {
		return p.refuseChange(w, r, err)
	}
	entry := request.NewEntry(r, changeActions[change], audit.AccountObject(found.ID))
	if change == account.SignOut {
		entry.Count = found.Sessions
	}
	if err := p.Audit.Record(r.Context(), entry); err != nil {
		return err
	}
	http.Redirect(w, r, views.PersonDonePath(found.ID, string(change)), http.StatusSeeOther)
	return nil
}

// setTeams puts an account into the teams of the form, and out of all others.
func (p *Pages) setTeams(w http.ResponseWriter, r *http.Request, found account.Person) error {
	typed := r.PostForm.Get("teams")
	if !request.ValidText(typed) {
		return problem.ErrPage
	}
	asked, status, err := p.confirmAgain(w, r)
	if err != nil {
		return err
	}
	if status != 0 {
		return p.showPerson(w, r, status, views.PersonView{Asked: asked, Typed: typed})
	}
	names := strings.FieldsFunc(typed, func(c rune) bool { return c == ',' || unicode.IsSpace(c) })
	err = p.Accounts.SetTeamsAsAdmin(r.Context(), request.Session(r), found.ID, names)
	switch {
	case errors.Is(err, account.ErrTeam):
		return p.showPerson(w, r, http.StatusUnprocessableEntity, views.PersonView{Asked: asked, Typed: typed, Wrong: p.words(r).T("person.wrong_teams")})
	case err != nil:
		return p.refuseChange(w, r, err)
	}
	if err := p.Audit.Record(r.Context(), request.NewEntry(r, audit.TeamsChanged, audit.AccountObject(found.ID))); err != nil {
		return err
	}
	http.Redirect(w, r, views.PersonDonePath(found.ID, "teams"), http.StatusSeeOther)
	return nil
}

// refuseChange shows the account as it stands, and says why it was not changed.
func (p *Pages) refuseChange(w http.ResponseWriter, r *http.Request, err error) error {
	view, words := views.PersonView{Asked: readConfirmation(r)}, p.words(r)
	switch {
	case errors.Is(err, account.ErrNotConfirmed):
		view.Asked = p.askToConfirm(r)
		return p.showPerson(w, r, http.StatusUnprocessableEntity, view)
	case errors.Is(err, account.ErrSelf):
		view.Problem = words.T("person.self")
		return p.showPerson(w, r, http.StatusUnprocessableEntity, view)
	case errors.Is(err, account.ErrUnconfirmed):
		view.Problem = words.T("person.not_confirmed")
		return p.showPerson(w, r, http.StatusUnprocessableEntity, view)
	case errors.Is(err, account.ErrAccountChanged):
		view.Problem = words.T("person.changed")
		return p.showPerson(w, r, http.StatusConflict, view)
	}
	return err
}
