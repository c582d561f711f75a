package web

import (
	"context"

	"github.com/google/uuid"

	"docket/internal/files"
	"docket/internal/ticket"
	"docket/views"
)

// filesOf is the files that a ticket names, by field.
func (s *Server) filesOf(ctx context.Context, t ticket.Ticket) (map[string]files.File, error) {
	fields, ids := map[uuid.UUID][]string{}, []uuid.UUID{}
	for _, section := range s.formOf(ctx, t).Show(t.Extra) {
		for _, row := range section.Rows {
			if id, err := uuid.Parse(row.File); err == nil {
				fields[id], ids = append(fields[id], row.Field.Name), append(ids, id)
			}
		}
	}
	found, err := s.Files.Of(ctx, t.UserID, ids...)
	if err != nil {
		return nil, err
	}
	named := map[string]files.File{}
	for id, file := range found {
		for _, field := range fields[id] {
			named[field] = file
		}
	}
	return named, nil
}

// measure adds what is known of a ticket's files. A ticket can be decided without it, so that it cannot be read is no
// reason not to show the ticket.
func (s *Server) measure(ctx context.Context, view *views.Review) {
	measured, err := s.measured(ctx, view.Ticket)
	if err != nil && ctx.Err() == nil {
		s.Log.Warn("a ticket is shown without what was measured of its files", "ticket", view.Ticket.ID, "error", err)
	}
	view.Files, view.Unmeasured = measured, err != nil
}

// apiFiles is what other systems are told of a ticket's files; nil when they cannot be read at this moment, which is no
// reason to withhold the ticket.
func (s *Server) apiFiles(ctx context.Context, t ticket.Ticket) map[string]seenFileJSON {
	named, err := s.filesOf(ctx, t)
	if err != nil {
		if ctx.Err() == nil {
			s.Log.Warn("a ticket is shown without its files", "ticket", t.ID, "error", err)
		}
		return nil
	}
	shown := make(map[string]seenFileJSON, len(named))
	for field, file := range named {
		shown[field] = shownJSON(file)
	}
	return shown
}

func (s *Server) measured(ctx context.Context, t ticket.Ticket) (map[string]views.Measured, error) {
	named, err := s.filesOf(ctx, t)
	if err != nil {
		return nil, err
	}
	var ids []uuid.UUID
	for _, file := range named {
		ids = append(ids, file.ID)
	}
	twins, err := s.Files.Twins(ctx, ids...)
	measured := map[string]views.Measured{}
	for _, file := range named {
		measured[file.ID.String()] = shownMeasures(file, twins[file.ID])
	}
	return measured, err
}

func shownMeasures(file files.File, twins []files.Twin) views.Measured {
	m := file.Signals
	shown := views.Measured{
		Width: m.Width, Height: m.Height, Blur: m.Blur, Brightness: m.Brightness, Glare: m.Glare, Grey: m.Grey,
		Warnings: shownFile(file).Warnings, MoreTwins: len(twins) == files.TwinsMost,
	}
	for _, twin := range twins {
		shown.Twins = append(shown.Twins, views.Twin{Ticket: twin.Ticket, Exact: twin.Exact})
	}
	return shown
}
