package pages

import (
	"errors"
	"net/http"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/listing"
	"docket/web/request"
)

// addPeople adds to a filter who decided and who holds a ticket, by what was typed: "me", an e-mail address, or the name of an actor.
func (p *Pages) addPeople(r *http.Request, where *ticket.Where, typed views.Where, wrong listing.Problems) error {
	for name, text := range map[string]string{"decider": typed.Decider, "held": typed.Held} {
		if text == "" {
			continue
		}
		actor, err := p.findStaff(r, text)
		kind, id := ticket.ActorID(actor)
		switch holder, _ := uuid.Parse(id); {
		case errors.Is(err, account.ErrNoAccount) || kind != "agent" && kind != "rule" && kind != "key" || name == "held" && holder == uuid.Nil:
			wrong[name] = listing.Problem{Code: form.CodeNotAnOption, Message: p.words(r).T("filter." + name)}
		case err != nil:
			return err
		case name == "held":
			where.HeldBy = holder
		default:
			where.DecidedBy = actor
		}
	}
	return nil
}

// findStaff is findActor that knows "me".
func (p *Pages) findStaff(r *http.Request, typed string) (string, error) {
	if typed == "me" {
		return request.ActorOf(request.Account(r)), nil
	}
	return p.findActor(r, typed)
}
