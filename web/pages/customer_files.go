package pages

import (
	"maps"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"docket/internal/form"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/request"
)

// lostFileTexts are messages for the fields whose file a ticket could not use: it does not exist any more, is not the user's, or
// belongs to another ticket.
func (p *Pages) lostFileTexts(r *http.Request, sent form.Input) map[string]string {
	site, messages, named := p.site(r), map[string]string{}, ticket.Files{}
	for _, name := range p.Form.Uploads() {
		if ids := fileIDs(sent.Values(name)); len(ids) > 0 {
			named[name] = ids
		}
	}
	for _, name := range p.unusableFiles(r, named) {
		messages[name] = views.LostFileText(site)
	}
	if len(messages) == 0 { // the files are usable again, or cannot be looked up
		for name := range named {
			messages[name] = views.LostFileText(site)
		}
	}
	return messages
}

// unusableFiles are the fields whose files the user cannot send now.
func (p *Pages) unusableFiles(r *http.Request, named ticket.Files) (fields []string) {
	found, err := p.Files.OfUser(r.Context(), request.UserID(r), slices.Concat(slices.Collect(maps.Values(named))...)...)
	if err != nil {
		return nil
	}
	for name, ids := range named {
		if slices.ContainsFunc(ids, func(id uuid.UUID) bool { file, there := found[id]; return !there || file.Field != form.InAnyRow(name) }) {
			fields = append(fields, name)
		}
	}
	return fields
}
