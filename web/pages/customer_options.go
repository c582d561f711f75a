package pages

import (
	"cmp"
	"net/http"
	"strings"

	"docket/views"
	"docket/web/problem"
)

// foundOptions is how many options a page shows at once.
const foundOptions = 8

// Options finds options of a field that stand in a file: those that have all words of what was typed.
func (p *Pages) Options(w http.ResponseWriter, r *http.Request) error {
	site, given := p.site(r), r.URL.Query()
	name := given.Get("field")
	field, known := site.Form.Field(strings.TrimPrefix(name, views.GrantPrefix)) // an approval may be asked it, too
	if !known || field.OptionList == nil {
		return problem.ErrNoPage
	}
	typed := cmp.Or(given.Get("q"), given.Get(name)) // htmx names it as the form does
	field.Name = name
	found := views.FoundOptionsView{Field: field, Value: typed, Searched: typed != ""}
	if found.Searched {
		found.Options = site.Form.SearchOptions(field, typed, foundOptions+1)
	}
	if found.More = len(found.Options) > foundOptions; found.More {
		found.Options = found.Options[:foundOptions]
	}
	part := views.FoundOptions(site, found)
	return p.render(w, r, http.StatusOK, part, part)
}
