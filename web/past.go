package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"docket/internal/form"
	"docket/internal/ticket"
	"docket/views"
)

// send gives a submission to the desk once its form is kept. A ticket is worth more than the words of its questions: it
// is taken even if those cannot be kept.
func (s *Server) send(ctx context.Context, sub ticket.Submission) (ticket.Ticket, error) {
	if err := s.Forms.Keep(ctx, s.Form); err != nil {
		s.Log.Warn("a ticket is submitted under a form that is not kept", "version", s.Form.Version, "error", err)
	}
	return s.Desk.Submit(ctx, sub)
}

// siteOf is site for a page that shows what these tickets answered.
func (s *Server) siteOf(r *http.Request, tickets ...ticket.Ticket) views.Site {
	site := s.site(r)
	site.Past = s.past(r.Context(), tickets...)
	return site
}

// past are the forms, by version, of tickets that were submitted under another than today's.
func (s *Server) past(ctx context.Context, tickets ...ticket.Ticket) map[string]*form.Form {
	var versions []string
	for _, t := range tickets {
		if v := t.FormVersion; v != s.Form.Version && v != "" && !slices.Contains(versions, v) {
			versions = append(versions, v)
		}
	}
	if versions == nil {
		return nil
	}
	return s.Forms.Of(ctx, versions...)
}

// formOf is the form that a ticket answers; today's when that is not known.
func (s *Server) formOf(ctx context.Context, t ticket.Ticket) *form.Form {
	return cmp.Or(s.past(ctx, t)[t.FormVersion], s.Form)
}
