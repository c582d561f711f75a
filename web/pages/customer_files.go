package pages

import (
	"net/http"

	"github.com/google/uuid"

	"docket/internal/ticket"
	"docket/views"
	"docket/web/request"
)

// lost says at each field whose file a ticket could not get what to do: it is not there any more, is not the user's, or
// belongs to another ticket.
func (p *Pages) lost(r *http.Request, named ticket.Files) map[string]string {
	site, messages := p.site(r), map[string]string{}
	for _, name := range p.unfit(r, named) {
		messages[name] = views.LostFile(site)
	}
	if len(messages) == 0 { // by now it would fit, or nobody can say
		for name := range named {
			messages[name] = views.LostFile(site)
		}
	}
	return messages
}

// unfit lists the fields whose files the user may not send now.
func (p *Pages) unfit(r *http.Request, named ticket.Files) (fields []string) {
	ids := make([]uuid.UUID, 0, len(named))
	for _, id := range named {
		ids = append(ids, id)
	}
	found, err := p.Files.Of(r.Context(), request.UserID(r), ids...)
	if err != nil {
		return nil
	}
	for name, id := range named {
		if file, there := found[id]; !there || file.Field != name {
			fields = append(fields, name)
		}
	}
	return fields
}
