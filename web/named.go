package web

import (
	"net/http"

	"github.com/google/uuid"

	"docket/internal/form"
	"docket/internal/ticket"
	"docket/views"
)

// filesIn is the files that checked answers name.
func filesIn(answers form.Answers) ticket.Files {
	named := ticket.Files{}
	for _, answer := range answers {
		if id, err := uuid.Parse(answer.Text); err == nil && answer.Type.Upload() {
			named[answer.Name] = id
		}
	}
	return named
}

// lost says at each field whose file a ticket could not get what to do: it is not there any more, is not the user's, or
// belongs to another ticket.
func (s *Server) lost(r *http.Request, answers form.Answers) map[string]string {
	site, messages := s.site(r), map[string]string{}
	named := filesIn(answers)
	for _, name := range s.unfit(r, named) {
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
func (s *Server) unfit(r *http.Request, named ticket.Files) (fields []string) {
	ids := make([]uuid.UUID, 0, len(named))
	for _, id := range named {
		ids = append(ids, id)
	}
	found, err := s.Files.Of(r.Context(), userOf(r), ids...)
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
