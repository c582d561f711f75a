package pages

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/savedview"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/listing"
	"docket/web/problem"
	"docket/web/request"
)

// KeepView keeps the filter of a list under a name.
func (p *Pages) KeepView(w http.ResponseWriter, r *http.Request) error {
	if err := request.ParseForm(r); err != nil {
		return err
	}
	view := savedview.View{
		Owner: request.Account(r).ID, Name: strings.TrimSpace(r.PostForm.Get("name")), Query: r.PostForm.Get("query"), Shared: r.PostForm.Get("shared") == "yes",
	}
	if err := p.checkView(r, view); err != nil {
		return err
	}
	err := p.Views.Put(r.Context(), view)
	if errors.Is(err, savedview.ErrTooMany) {
		return problem.WrongParameters{"name"}
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/review?"+view.Query, http.StatusSeeOther)
	return nil
}

// checkView returns problem.WrongParameters when the name cannot be one, or the query is not that of a list.
func (p *Pages) checkView(r *http.Request, view savedview.View) error {
	if view.Name == "" || !request.ValidUserID(view.Name) || utf8.RuneCountInString(view.Name) > savedview.MaxName {
		return problem.WrongParameters{"name"}
	}
	given, err := url.ParseQuery(view.Query)
	if err != nil || len(given) == 0 || len(view.Query) > savedview.MaxQuery {
		return problem.WrongParameters{"query"}
	}
	for name, values := range given {
		if len(values) > 1 || !slices.Contains(listing.Parameters(p.Form), name) || name == "cursor" {
			return problem.WrongParameters{"query"}
		}
	}
	if _, _, wrong := p.Lists.ParseFilter(given, p.words(r)); len(wrong) > 0 {
		return problem.WrongParameters{"query"}
	}
	return nil
}

// DeleteView deletes a view.
func (p *Pages) DeleteView(w http.ResponseWriter, r *http.Request) error {
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil {
		return ticket.ErrNotFound
	}
	owner := request.Account(r)
	if err := p.Views.Delete(r.Context(), owner.ID, id, owner.Role == account.Admin); err != nil {
		return err
	}
	http.Redirect(w, r, views.ReviewPath(views.Filter{}), http.StatusSeeOther)
	return nil
}

// addViews adds the views that the agent sees.
func (p *Pages) addViews(r *http.Request, view *views.QueueView) error {
	owner := request.Account(r)
	kept, err := p.Views.List(r.Context(), owner.ID)
	for _, k := range kept {
		view.SavedViews = append(view.SavedViews, views.SavedView{
			ID: k.ID, Name: k.Name, Query: k.Query, Shared: k.Shared, Deletable: k.Owner == owner.ID || owner.Role == account.Admin, Outdated: p.checkView(r, k) != nil,
		})
	}
	return err
}
