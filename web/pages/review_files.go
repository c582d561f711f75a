package pages

import (
	"context"

	"github.com/google/uuid"

	"docket/internal/files"
	"docket/internal/ticket"
	"docket/views"
)

// measure adds what is known of a ticket's files. A ticket can be decided without it, so that it cannot be read is no
// reason not to show the ticket.
func (p *Pages) measure(ctx context.Context, view *views.Review) {
	measured, err := p.measured(ctx, view.Ticket)
	if err != nil && ctx.Err() == nil {
		p.Log.Warn("a ticket is shown without what was measured of its files", "ticket", view.Ticket.ID, "error", err)
	}
	view.Files, view.Unmeasured = measured, err != nil
}

func (p *Pages) measured(ctx context.Context, t ticket.Ticket) (map[string]views.Measured, error) {
	named, err := p.Files.OfTicket(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	var ids []uuid.UUID
	for _, file := range named {
		ids = append(ids, file.ID)
	}
	twins, err := p.Files.Twins(ctx, ids...)
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
