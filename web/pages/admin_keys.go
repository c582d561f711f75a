package pages

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

// ListKeys lists the API keys.
func (p *Pages) ListKeys(w http.ResponseWriter, r *http.Request) error {
	view := views.KeysView{Revoked: r.URL.Query().Get("done") == "revoked", Asked: readConfirmation(r), Form: views.KeyForm{Expires: views.KeyLives[0]}}
	return p.showKeys(w, r, http.StatusOK, view)
}

func (p *Pages) showKeys(w http.ResponseWriter, r *http.Request, status int, view views.KeysView) error {
	all, err := p.Keys.List(r.Context())
	if err != nil {
		return err
	}
	for _, key := range all {
		view.Keys = append(view.Keys, keyView(key))
	}
	view.Form.Choice = convertTexts[string](account.Scopes)
	site := p.site(r)
	return p.render(w, r, status, views.KeysPage(site, view), views.Keys(site, view))
}

func keyView(k account.Key) views.APIKey {
	return views.APIKey{
		ID: k.ID, Name: k.Name, Scopes: convertTexts[string](k.Scopes), NotOwn: k.NotOwn, Added: k.CreatedAt, Used: k.UsedAt, Expires: k.ExpiresAt, Revoked: k.RevokedAt,
		Origins: k.ReturnOrigins, Fixed: account.FormatAttributes(k.Fixed),
	}
}

// AddKey makes an API key and shows it once.
func (p *Pages) AddKey(w http.ResponseWriter, r *http.Request) error {
	if err := request.ParseForm(r); err != nil {
		return err
	}
	typed := views.KeyForm{
		Name: r.PostForm.Get("name"), Scopes: r.PostForm["scope"], Expires: r.PostForm.Get("expires"), NotOwn: r.PostForm.Get("not_own") != "",
		Origins: r.PostForm.Get("origins"), Invalid: map[string]string{},
	}
	if !slices.Contains(views.KeyLives, typed.Expires) {
		return problem.ErrPage
	}
	p.checkKeyForm(r, typed)
	if len(typed.Invalid) > 0 {
		return p.showKeys(w, r, http.StatusUnprocessableEntity, views.KeysView{Asked: readConfirmation(r), Form: typed})
	}
	asked, status, err := p.confirmAgain(w, r)
	if err != nil {
		return err
	}
	if status != 0 {
		return p.showKeys(w, r, status, views.KeysView{Asked: asked, Form: typed})
	}
	secret, err := p.addKey(r, typed)
	switch {
	case errors.Is(err, account.ErrKeyName):
		typed.Invalid["name"] = p.words(r).T("keys_page.wrong_name")
		return p.showKeys(w, r, http.StatusUnprocessableEntity, views.KeysView{Asked: asked, Form: typed})
	case errors.Is(err, account.ErrKeyExists):
		typed.Invalid["name"] = p.words(r).T("keys_page.taken")
		return p.showKeys(w, r, http.StatusUnprocessableEntity, views.KeysView{Asked: asked, Form: typed})
	case errors.Is(err, account.ErrNotConfirmed):
		return p.showKeys(w, r, http.StatusUnprocessableEntity, views.KeysView{Asked: p.askToConfirm(r), Form: typed})
	case err != nil:
		return err
	}
	if err := p.Audit.Record(r.Context(), request.NewEntry(r, audit.KeyAdded, audit.KeyObject(typed.Name))); err != nil {
		return err
	}
	site, made := p.site(r), views.NewKey{Name: typed.Name, Secret: secret}
	return p.render(w, r, http.StatusOK, views.NewKeyPage(site, made), views.NewKeyNote(site, made))
}

// checkKeyForm notes what is missing in the form of a new key.
func (p *Pages) checkKeyForm(r *http.Request, typed views.KeyForm) {
	if typed.Name == "" {
		typed.Invalid["name"] = p.words(r).T("keys_page.wrong_name")
	}
	known := func(scope string) bool { return slices.Contains(account.Scopes, account.Scope(scope)) }
	if len(typed.Scopes) == 0 || slices.ContainsFunc(typed.Scopes, func(scope string) bool { return !known(scope) }) {
		typed.Invalid["scope"] = p.words(r).T("keys_page.no_scope")
	}
	for _, text := range strings.Fields(typed.Origins) {
		if _, err := account.ParseOrigin(text); err != nil {
			typed.Invalid["origins"] = p.words(r).T("keys_page.wrong_origin", "Text", text)
		}
	}
}

func (p *Pages) addKey(r *http.Request, typed views.KeyForm) (secret string, err error) {
	limits := account.KeyLimits{NotOwn: typed.NotOwn, ReturnOrigins: strings.Fields(typed.Origins)}
	if days, err := strconv.Atoi(typed.Expires); err == nil {
		limits.ExpiresAt = p.Now().Add(time.Duration(days) * 24 * time.Hour)
	}
	return p.Keys.AddAsAdmin(r.Context(), request.Session(r), typed.Name, convertTexts[account.Scope](typed.Scopes), limits)
}

// Key shows one API key.
func (p *Pages) Key(w http.ResponseWriter, r *http.Request) error {
	return p.showKey(w, r, http.StatusOK, readConfirmation(r))
}

func (p *Pages) showKey(w http.ResponseWriter, r *http.Request, status int, asked views.Confirmation) error {
	key, err := p.findKey(r)
	if err != nil {
		return err
	}
	site, view := p.site(r), views.KeyView{APIKey: keyView(key), Asked: asked}
	return p.render(w, r, status, views.KeyPage(site, view), views.KeySection(site, view))
}

func (p *Pages) findKey(r *http.Request) (account.Key, error) {
	all, err := p.Keys.List(r.Context())
	if err != nil {
		return account.Key{}, err
	}
	id, err := uuid.Parse(r.PathValue("id"))
	i := slices.IndexFunc(all, func(k account.Key) bool { return k.ID == id })
	if err != nil || i < 0 {
		return account.Key{}, ticket.ErrNotFound
	}
	return all[i], nil
}

// RevokeKey revokes an API key; a second time it changes nothing.
func (p *Pages) RevokeKey(w http.ResponseWriter, r *http.Request) error {
	if err := request.ParseForm(r); err != nil {
		return err
	}
	key, err := p.findKey(r)
	if err != nil {
		return err
	}
	asked, status, err := p.confirmAgain(w, r)
	if err != nil {
		return err
	}
	if status != 0 {
		return p.showKey(w, r, status, asked)
	}
	err = p.Keys.RevokeAsAdmin(r.Context(), request.Session(r), key.ID)
	if errors.Is(err, account.ErrNotConfirmed) {
		return p.showKey(w, r, http.StatusUnprocessableEntity, p.askToConfirm(r))
	}
	if err != nil {
		return err
	}
	if err := p.Audit.Record(r.Context(), request.NewEntry(r, audit.KeyRevoked, audit.KeyObject(key.Name))); err != nil {
		return err
	}
	http.Redirect(w, r, views.KeysDonePath(), http.StatusSeeOther)
	return nil
}
