package pages

import (
	"context"

	"github.com/google/uuid"

	"docket/internal/files"
	"docket/internal/ticket"
	"docket/views"
)

// addMeasurements adds the measurements of a ticket's files. A ticket can be decided without them, so it is shown even if they
// cannot be read.
func (p *Pages) addMeasurements(ctx context.Context, view *views.Review) {
	measured, err := p.measurementsOf(ctx, view.Ticket)
	if err != nil && ctx.Err() == nil {
		p.Log.Warn("a ticket is shown without the measurements of its files", "ticket", view.Ticket.ID, "error", err)
	}
	view.Files, view.Unmeasured = measured, err != nil
}

func (p *Pages) measurementsOf(ctx context.Context, t ticket.Ticket) (map[string]views.Measurements, error) {
	named, err := p.Files.OfTicket(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	var ids []uuid.UUID
	for _, file := range named {
		ids = append(ids, file.ID)
	}
	duplicates, err := p.Files.Duplicates(ctx, ids...)
	measured := map[string]views.Measurements{}
	for _, file := range named {
		measured[file.ID.String()] = measurementsView(file, duplicates[file.ID])
	}
	return measured, err
}

func measurementsView(file files.File, duplicates []files.Duplicate) views.Measurements {
	m := file.Signals
	shown := views.Measurements{
		Width: m.Width, Height: m.Height, Blur: m.Blur, Brightness: m.Brightness, Glare: m.Glare, Grey: m.Grey,
		Warnings: fileView(file).Warnings, MoreDuplicates: len(duplicates) == files.MaxDuplicates,
	}
	for _, duplicate := range duplicates {
		shown.Duplicates = append(shown.Duplicates, views.Duplicate{Ticket: duplicate.Ticket, Exact: duplicate.Exact})
	}
	return shown
}
