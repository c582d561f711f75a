package claim

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
)

// mostCandidates are looked at for one claim where the tables are distributed: others may claim the first ones meanwhile.
const mostCandidates = 20

// takeFirst claims the first of these tickets that the agent may have; user is whose they are, if a statement has to name that.
func (c *Claims) takeFirst(ctx context.Context, on postgres.Statements, agent uuid.UUID, user string, ids []uuid.UUID, anyQueue bool) (uuid.UUID, error) {
	return c.q.ClaimFirst(ctx, on, db.ClaimFirstParams{
		OfUser: user, AccountID: agent, LeaseMs: leaseTime.Milliseconds(), Ids: ids, AnyQueue: anyQueue, TeamQueues: c.queues, QueueTeams: c.teams, Most: MostHeld,
	})
}

// takeCandidate is ClaimNext where the tables are distributed: it looks in all shards without a lock, and claims in the shard of one user at a time.
func (c *Claims) takeCandidate(ctx context.Context, tx pgx.Tx, agent uuid.UUID) (uuid.UUID, error) {
	own, err := c.q.TeamsOf(ctx, tx, agent)
	if err != nil {
		return uuid.Nil, err
	}
	others := []string{}
	for i, queue := range c.queues {
		if !slices.Contains(own, c.teams[i]) {
			others = append(others, queue)
		}
	}
	candidates, err := c.q.ClaimCandidates(ctx, tx, db.ClaimCandidatesParams{AccountID: agent, OwnTeams: own, OtherQueues: others, Max: mostCandidates})
	if err != nil {
		return uuid.Nil, err
	}
	ids := make([]uuid.UUID, len(candidates))
	for i, t := range candidates {
		ids[i] = t.ID
	}
	return c.takeEach(ctx, tx, agent, ids, false)
}

// takeEach is takeFirst where the tables are distributed.
func (c *Claims) takeEach(ctx context.Context, tx pgx.Tx, agent uuid.UUID, ids []uuid.UUID, anyQueue bool) (uuid.UUID, error) {
	for _, id := range ids {
		on, user, err := c.primary.LockTicket(ctx, tx, id)
		if err != nil {
			return uuid.Nil, err
		}
		if id, err := c.takeFirst(ctx, on, agent, user, []uuid.UUID{id}, anyQueue); !postgres.IsNoRows(err) {
			return id, err
		}
	}
	return uuid.Nil, pgx.ErrNoRows
}

// listWorkEach is ListWork where the tables are distributed, which takes a statement for each table.
func (c *Claims) listWorkEach(ctx context.Context, p db.WorkListParams) (map[uuid.UUID]Work, error) {
	claims, err := c.q.ClaimList(ctx, c.primary, p.Ids)
	if err != nil {
		return nil, err
	}
	accounts := p.Owners
	for _, held := range claims {
		accounts = append(accounts[:len(accounts):len(accounts)], held.AccountID)
	}
	named, err := c.q.AccountEmails(ctx, c.primary, accounts)
	if err != nil {
		return nil, err
	}
	email := map[uuid.UUID]string{}
	for _, a := range named {
		email[a.ID] = a.Email
	}
	work := map[uuid.UUID]Work{}
	for i, id := range p.Ids {
		work[id] = Work{Owner: email[p.Owners[i]]}
	}
	for _, held := range claims {
		w := work[held.TicketID]
		w.Holder = email[held.AccountID]
		work[held.TicketID] = w
	}
	return work, c.addWorkEach(ctx, work, p.Ids)
}

// addWorkEach adds where tickets are, whether a decision is pending or there are opinions, and the warnings of pictures.
func (c *Claims) addWorkEach(ctx context.Context, work map[uuid.UUID]Work, ids []uuid.UUID) error {
	placements, err := c.Placements(ctx, ids...)
	if err != nil {
		return err
	}
	pending, err := c.q.PendingList(ctx, c.primary, db.PendingListParams{Ids: ids})
	if err != nil {
		return err
	}
	opinions, err := c.q.StepOpinionList(ctx, c.primary, ids)
	if err != nil {
		return err
	}
	signals, err := c.q.TicketSignals(ctx, c.primary, ids)
	if err != nil {
		return err
	}
	change := func(id uuid.UUID, set func(*Work)) {
		w := work[id]
		set(&w)
		work[id] = w
	}
	for id, p := range placements {
		change(id, func(w *Work) { w.Placement = p })
	}
	for _, p := range pending {
		change(p.PendingDecision.TicketID, func(w *Work) { w.Pending = w.Pending || p.PendingDecision.DueAtMs != nil })
	}
	for _, o := range opinions {
		change(o.TicketID, func(w *Work) { w.Opinions = true })
	}
	for _, s := range signals {
		change(s.TicketID, func(w *Work) { w.Signals = s.Signals })
	}
	return nil
}
