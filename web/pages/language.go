package pages

import (
	"cmp"
	"net/http"
	"slices"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/i18n"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

const (
	languageCookie = "docket_language"
	languageMaxAge = 365 * 24 * 60 * 60 // seconds
)

// languages are those that somebody may choose from.
type languages struct {
	i18n.Offer
	words []*i18n.Words // in the same order
}

func newLanguages(tags []string) languages {
	l := languages{Offer: i18n.NewOffer(tags)}
	for _, tag := range tags {
		l.words = append(l.words, i18n.Of(tag))
	}
	return l
}

// staffLanguages are all that docket has words in, i18n.Source first: the console does not depend on the form.
func staffLanguages() []string {
	tags := slices.DeleteFunc(i18n.Tags(), func(tag string) bool { return tag == i18n.Source })
	return append([]string{i18n.Source}, tags...)
}

// languagesFor are those that the person who sent a request may choose from.
func (p *Pages) languagesFor(r *http.Request) languages {
	if request.Account(r).Role.Reviews() {
		return p.staffLanguages
	}
	return p.customerLanguages
}

// words is docket's own words in the language of the person who sent a request.
func (p *Pages) words(r *http.Request) *i18n.Words {
	chosen := cmp.Or(request.Session(r).Language, p.Cookies.Value(r, languageCookie), request.OwnerOf(r).Link.Language)
	return i18n.Of(p.languagesFor(r).Choose(chosen, r.Header.Get("Accept-Language")))
}

// formFor is the form in the language of the person who sent a request.
func (p *Pages) formFor(r *http.Request) *form.Form { return p.Form.In(p.words(r).Tag()) }

// Language remembers the chosen language, in the browser and with the account that is signed in, and leads back to the page where it was
// chosen. None is that of the browser.
func (p *Pages) Language(w http.ResponseWriter, r *http.Request) error {
	if err := request.ParseForm(r); err != nil {
		return err
	}
	chosen := r.PostForm.Get("language")
	owner := request.Account(r)
	if !p.languagesFor(r).Has(chosen) && (chosen != "" || owner == (account.Account{})) {
		return problem.ErrMalformed
	}
	if owner != (account.Account{}) {
		if err := p.Accounts.ChooseLanguage(r.Context(), owner.ID, chosen); err != nil {
			return err
		}
	}
	maxAge := languageMaxAge
	if chosen == "" {
		maxAge = -1 // the browser forgets it
	}
	http.SetCookie(w, p.Cookies.New(languageCookie, chosen, maxAge))
	http.Redirect(w, r, cmp.Or(localPath(r.PostForm.Get("next")), views.HomePath), http.StatusSeeOther)
	return nil
}

// pageAddress is the address of the page that the person sees: a POST has none of its own.
func pageAddress(r *http.Request) string {
	if r.Method == http.MethodGet && !isFragment(r) {
		return r.URL.RequestURI()
	}
	return cmp.Or(currentPage(r), views.HomePath)
}
