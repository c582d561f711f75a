package store

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/ticket"
)

// WithFingerprint says under which fingerprint of package search tickets must be indexed, so that lists are filtered by that index.
func (r *Reader) WithFingerprint(of func() []byte) *Reader {
	r.fingerprint = of
	return r
}

// namesLexemes reports whether tickets may be looked up by what q names. Those of one user are few.
func namesLexemes(q ticket.Query) bool {
	return (q.Where.Answers != "" || q.Where.Signal != "") && q.UserID == "" && (q.Place.Tab == "" || q.Place.Tab == ticket.Waiting)
}

// fewLexemes is filterLexemes where few tickets have them, and empty where many do.
func (r *Reader) fewLexemes(ctx context.Context, q ticket.Query) (string, error) {
	lexemes, err := r.filterLexemes(ctx, q)
	if err != nil || lexemes == "" {
		return "", err
	}
	if few, err := r.expectFew(ctx, lexemes); err != nil || !few {
		return "", err
	}
	return lexemes, nil
}

// filterLexemes is a tsquery for tickets with what q names, as far as the index has that of all tickets; empty when it has nothing.
func (r *Reader) filterLexemes(ctx context.Context, q ticket.Query) (string, error) {
	lexemes := answerLexemes(q.Where.Answers)
	if len(lexemes) > 0 {
		indexed, err := r.indexesAnswers(ctx)
		if err != nil {
			return "", err
		}
		if !indexed {
			lexemes = nil
		}
	}
	if q.Where.Signal != "" {
		lexemes = append(lexemes, quoteLexeme(signalMark+q.Where.Signal))
	}
	return strings.Join(lexemes, " & "), nil
}

func (r *Reader) indexesAnswers(ctx context.Context) (bool, error) {
	if r.fingerprint == nil {
		return false, nil
	}
	return r.q.SearchIndexIs(ctx, r.pool, r.fingerprint())
}

// answerLexemes are the lexemes of answers in JSON, quoted.
func answerLexemes(answers string) (lexemes []string) {
	var fields map[string]any
	if json.Unmarshal([]byte(answers), &fields) != nil {
		return nil
	}
	for field, answer := range fields {
		several, _ := answer.([]any)
		if one, ok := answer.(string); ok {
			several = []any{one}
		}
		for _, each := range several {
			if text, ok := each.(string); ok {
				lexemes = append(lexemes, quoteLexeme(ticket.AnswerLexeme(field, text)))
			}
		}
	}
	return lexemes
}

// expectFew reports whether so few tickets have lexemes, as the planner believes, that to look all of them up is quicker than to look at one
// ticket after the other until a page is found. A ticket that is looked up takes about six times as long.
func (r *Reader) expectFew(ctx context.Context, lexemes string) (bool, error) {
	// OFFSET 0 keeps the two apart where ticket_words has partitions.
	rows, err := r.pool.Query(ctx, "EXPLAIN (FORMAT JSON) (SELECT FROM ticket_words WHERE words @@ (E"+quoteLexeme(lexemes)+")::tsquery OFFSET 0) UNION ALL (SELECT FROM ticket_words OFFSET 0)",
		pgx.QueryExecModeExec)
	if err != nil {
		return false, err
	}
	text, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[[]byte])
	if err != nil {
		return false, err
	}
	var explained []struct {
		Plan struct {
			Plans []struct {
				Rows float64 `json:"Plan Rows"`
			}
		}
	}
	if err := json.Unmarshal(text, &explained); err != nil || len(explained) != 1 || len(explained[0].Plan.Plans) != 2 {
		return false, err
	}
	found, all := explained[0].Plan.Plans[0].Rows, explained[0].Plan.Plans[1].Rows
	const page = 50
	return 6*found <= page*all/found, nil
}

// narrowIndexed reads the tickets of q that have lexemes.
func narrowIndexed(ctx context.Context, queries *db.Queries, on db.DBTX, q ticket.Query, lexemes string) ([]db.Ticket, error) {
	if q.Status.Open() {
		return narrowIndexedOpen(ctx, queries, on, q, lexemes)
	}
	first, last := startOldestFirst(q.After, q.From), startNewestFirst(q.After, q.To)
	p := db.TicketIndexedClosedNewestParams{
		Lexemes: lexemes, Status: string(q.Status), FromMs: q.From.UnixMilli(), AfterMs: last.At.UnixMilli(), AfterID: last.ID,
		Attempt: int32(q.Where.Attempt), Answers: answersOf(q), DecidedBy: q.Where.DecidedBy, Reason: q.Where.Reason, Max: pageRows(q),
	}
	if q.Newest {
		return queries.TicketIndexedClosedNewest(ctx, on, p)
	}
	return queries.TicketIndexedClosedOldest(ctx, on, db.TicketIndexedClosedOldestParams{
		Lexemes: lexemes, Status: p.Status, ToMs: q.To.UnixMilli(), AfterMs: first.At.UnixMilli(), AfterID: first.ID,
		Attempt: p.Attempt, Answers: p.Answers, DecidedBy: p.DecidedBy, Reason: p.Reason, Max: p.Max,
	})
}

func narrowIndexedOpen(ctx context.Context, queries *db.Queries, on db.DBTX, q ticket.Query, lexemes string) ([]db.Ticket, error) {
	if q.Where.DecidedBy != "" || q.Where.Reason != "" { // nobody has decided these
		return nil, nil
	}
	first, last := startOldestFirst(q.After, q.From), startNewestFirst(q.After, q.To)
	p := db.TicketIndexedOpenNewestParams{
		Lexemes: lexemes, FromMs: q.From.UnixMilli(), AfterMs: last.At.UnixMilli(), AfterID: last.ID, Queue: q.Queue, Snoozed: withSnoozed(q),
		Attempt: int32(q.Where.Attempt), Answers: answersOf(q), HeldBy: q.Where.HeldBy, Max: pageRows(q),
	}
	if q.Newest {
		return queries.TicketIndexedOpenNewest(ctx, on, p)
	}
	return queries.TicketIndexedOpenOldest(ctx, on, db.TicketIndexedOpenOldestParams{
		Lexemes: lexemes, ToMs: q.To.UnixMilli(), AfterMs: first.At.UnixMilli(), AfterID: first.ID, Queue: p.Queue, Snoozed: p.Snoozed,
		Attempt: p.Attempt, Answers: p.Answers, HeldBy: p.HeldBy, Max: p.Max,
	})
}
