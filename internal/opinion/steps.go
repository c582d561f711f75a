package opinion

import (
	"context"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// Steps returns the steps of these tickets, by ticket, in their order.
func (o *Opinions) Steps(ctx context.Context, ids ...uuid.UUID) (map[uuid.UUID][]ticket.Step, error) {
	rows, err := o.q.StepList(ctx, o.primary, ids)
	if err != nil {
		return nil, postgres.WrapError("list steps", err)
	}
	steps := map[uuid.UUID][]ticket.Step{}
	for _, row := range rows {
		steps[row.TicketID] = append(steps[row.TicketID], stepFromRow(row))
	}
	return steps, nil
}

// ListWithSteps returns what List and Steps do, in one round trip.
func (o *Opinions) ListWithSteps(ctx context.Context, ids ...uuid.UUID) (opinions map[uuid.UUID][]ticket.Opinion, steps map[uuid.UUID][]ticket.Step, err error) {
	rows, err := o.q.StepOpinionList(ctx, o.primary, ids)
	if err != nil {
		return nil, nil, postgres.WrapError("list opinions and steps", err)
	}
	opinions, steps = map[uuid.UUID][]ticket.Opinion{}, map[uuid.UUID][]ticket.Step{}
	for _, row := range rows {
		if row.Turn > 0 {
			steps[row.TicketID] = append(steps[row.TicketID], stepFromRow(db.StepListRow{
				TicketID: row.TicketID, Step: row.Step, Turn: row.Turn, Name: row.Name, Email: row.Email, Team: row.Team, Key: row.Key, RemindMs: row.RemindMs,
				StandInMs: row.StandInMs, StandInTeam: row.StandInTeam, SinceMs: row.SinceMs, GivenBy: row.GivenBy, GivenAtMs: row.AtMs, Note: row.Note, GrantExtra: row.GrantExtra,
			}))
		}
		if row.GivenBy != "" {
			opinions[row.TicketID] = append(opinions[row.TicketID], fromRow(db.Opinion{
				TicketID: row.TicketID, Step: row.Step, Ordinal: row.Ordinal, GivenBy: row.GivenBy, Verdict: row.Verdict, Reasons: row.Reasons, Class: row.Class, RejectRows: row.RejectRows,
				Comment: row.Comment, Note: row.Note, AtMs: row.AtMs, GrantExtra: row.GrantExtra,
			}))
		}
	}
	return opinions, steps, nil
}

// StepsOpenTo returns the numbers of the steps of these tickets that an actor may give now, by ticket.
func (o *Opinions) StepsOpenTo(ctx context.Context, actor string, ids ...uuid.UUID) (map[uuid.UUID]int, error) {
	rows, err := o.q.StepOpenTo(ctx, o.primary, db.StepOpenToParams{Actor: actor, Ids: ids})
	if err != nil {
		return nil, postgres.WrapError("find the steps of an actor", err)
	}
	open := map[uuid.UUID]int{}
	for _, row := range rows {
		open[row.TicketID] = int(row.Step)
	}
	return open, nil
}

func stepFromRow(row db.StepListRow) ticket.Step {
	s := ticket.Step{TicketID: row.TicketID, Number: int(row.Step), NewStep: ticket.NewStep{
		Turn: int(row.Turn), Name: row.Name, Email: postgres.OrZero(row.Email), Team: postgres.OrZero(row.Team), Key: postgres.OrZero(row.Key),
		StandInTeam: postgres.OrZero(row.StandInTeam),
		Remind:      time.Duration(postgres.OrZero(row.RemindMs)) * time.Millisecond, StandIn: time.Duration(postgres.OrZero(row.StandInMs)) * time.Millisecond,
	}, Since: postgres.TimeOrZero(row.SinceMs)}
	if row.GivenBy != "" {
		s.Decision = ticket.Decision{Status: ticket.Approved, By: row.GivenBy, At: time.UnixMilli(row.GivenAtMs), Note: row.Note, Grant: row.GrantExtra}
	}
	return s
}
