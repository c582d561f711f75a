package pages

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/google/uuid"

	"docket/internal/files"
	"docket/internal/ticket"
	"docket/views"
)

const maxLookAlikes = 3 // tickets of other users, shown beside a ticket

// addMeasurements adds the measurements of a ticket's files. A ticket can be decided without them, so it is shown even if they
// cannot be read.
func (p *Pages) addMeasurements(ctx context.Context, view *views.Review) {
	if err := p.measure(ctx, view); err != nil && ctx.Err() == nil {
		p.Log.Warn("a ticket is shown without the measurements of its files", "ticket", view.Ticket.ID, "error", err)
		view.Unmeasured = true
	}
}

func (p *Pages) measure(ctx context.Context, view *views.Review) error {
	named, err := p.Intake.FilesOf(ctx, view.Ticket)
	if err != nil {
		return err
	}
	view.Files = map[string]views.Measurements{}
	var ids []uuid.UUID
	for _, file := range slices.Concat(slices.Collect(maps.Values(named))...) {
		ids = append(ids, file.ID)
		view.Files[file.ID.String()] = p.measurementsView(file)
	}
	if view.SameFiles, err = p.sameFiles(ctx, view.Previous, named); err != nil {
		return err
	}
	duplicates, err := p.Files.Duplicates(ctx, ids...)
	if err != nil {
		return err
	}
	return p.addLookAlikes(ctx, view, named, duplicates)
}

// sameFiles are the fields whose file has the same bytes as in the previous attempt, as they were sent.
func (p *Pages) sameFiles(ctx context.Context, previous *ticket.Ticket, named map[string][]files.File) (map[string]bool, error) {
	same := map[string]bool{}
	if previous == nil || len(named) == 0 {
		return same, nil
	}
	before, err := p.Intake.FilesOf(ctx, *previous)
	for field, list := range named {
		same[field] = sameBytes(list, before[field])
	}
	return same, err
}

func (p *Pages) measurementsView(file files.File) views.Measurements {
	m := file.Signals
	return views.Measurements{
		Picture: file.Picture(),
		Width:   m.Width, Height: m.Height, Blur: m.Blur, Brightness: m.Brightness, Glare: m.Glare, Burnt: m.Burnt, Grey: m.Grey,
		Warnings: p.fileView(file).Warnings, Reading: file.Reading,
	}
}

// addLookAlikes adds the tickets with the same pictures, each once: those with the same bytes first, then in the order of the
// fields' names.
func (p *Pages) addLookAlikes(ctx context.Context, view *views.Review, named map[string][]files.File, duplicates map[uuid.UUID][]files.Duplicate) error {
	seen := map[uuid.UUID]bool{}
	for _, exact := range []bool{true, false} {
		for _, field := range slices.Sorted(maps.Keys(named)) {
			for _, file := range named[field] {
				if err := p.addLookAlikesOf(ctx, view, field, file, duplicates[file.ID], exact, seen); err != nil || view.MoreLookAlikes {
					return err
				}
			}
		}
	}
	return nil
}

// addLookAlikesOf adds the tickets with the same bytes as the file of a field, or with a picture that looks the same, that were not seen yet.
func (p *Pages) addLookAlikesOf(ctx context.Context, view *views.Review, field string, file files.File, duplicates []files.Duplicate, exact bool, seen map[uuid.UUID]bool) error {
	for _, duplicate := range duplicates {
		if duplicate.Exact != exact || seen[duplicate.Ticket] {
			continue
		}
		if len(view.LookAlikes) == maxLookAlikes {
			view.MoreLookAlikes = true
			return nil
		}
		seen[duplicate.Ticket] = true
		t, err := p.Desk.Ticket(ctx, duplicate.Ticket)
		if errors.Is(err, ticket.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		shown := views.LookAlike{Ticket: t, Field: field, Exact: exact}
		if file.Picture() {
			shown.Picture = duplicate.File.String()
		}
		view.LookAlikes = append(view.LookAlikes, shown)
	}
	return nil
}
