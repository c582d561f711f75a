package intake

import (
	"context"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"docket/internal/form"
	"docket/web/request"
)

// AttributesOf is what is known of the owner of an account, by the names that a form has for it.
type AttributesOf func(ctx context.Context, account uuid.UUID) (map[string]string, error)

// OwnerOf is whose form a request is about, with the answers that are known of them and cannot be changed.
func (in *Intake) OwnerOf(r *http.Request) (request.Owner, error) {
	owner := request.OwnerOf(r)
	known, err := in.knownOf(r)
	owner.Fixed = in.Form.Fixed(known)
	return owner, err
}

// Defaults are the answers with which the form begins for whom a request is about.
func (in *Intake) Defaults(r *http.Request) (form.Input, error) {
	known, err := in.knownOf(r)
	return in.Form.Defaults(known, in.Now()), err
}

// knownOf is what is known of whom a request is about: of the user of a submission link nothing but what came with it.
func (in *Intake) knownOf(r *http.Request) (form.Known, error) {
	if request.OwnerOf(r).Visits() {
		return nil, nil //nolint:nilnil // nothing is known
	}
	a := request.Account(r)
	known := form.Known{}
	if in.takesAttributes() {
		attributes, err := in.Attributes(r.Context(), a.ID)
		if err != nil {
			return nil, err
		}
		for name, value := range attributes {
			known[form.AccountAttributes+name] = value
		}
	}
	known[form.AccountEmail], known[form.AccountUserID] = a.Email, a.UserID()
	return known, nil
}

// takesAttributes reports whether some answer of the form begins with an attribute of the account, or is one.
func (in *Intake) takesAttributes() bool {
	for field := range in.Form.Fields() {
		for _, source := range []string{field.Default, field.From} {
			if strings.HasPrefix(source, form.AccountAttributes) && source != form.AccountEmail && source != form.AccountUserID {
				return true
			}
		}
	}
	return false
}
