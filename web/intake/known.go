package intake

import (
	"net/http"

	"docket/internal/form"
	"docket/web/request"
)

// OwnerOf is whose form a request is about, with the answers that are known of them and cannot be changed.
func (in *Intake) OwnerOf(r *http.Request) request.Owner {
	owner := request.OwnerOf(r)
	owner.Fixed = in.Form.Fixed(knownOf(r))
	return owner
}

// Defaults are the answers with which the form begins for whom a request is about.
func (in *Intake) Defaults(r *http.Request) form.Input { return in.Form.Defaults(knownOf(r), in.Now()) }

// knownOf is what is known of whom a request is about: of the user of a submission link nothing but what came with it.
func knownOf(r *http.Request) form.Known {
	if request.OwnerOf(r).Visits() {
		return nil
	}
	a := request.Account(r)
	return form.Known{form.AccountEmail: a.Email, form.AccountUserID: a.UserID()}
}
