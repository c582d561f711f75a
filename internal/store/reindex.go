package store

import (
	"context"
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

const reindexPage = 500 // tickets in one transaction, during which no erasure commits

// Indexed is what a ticket is found by.
type Indexed struct {
	Words, Whole, Signals []string
	Identities            []ticket.Identity
}

// IndexFunc is what a ticket is found by that has these answers, and pictures of which this was measured.
type IndexFunc func(extra json.RawMessage, measured []json.RawMessage) Indexed

// Reindex writes again by what every ticket is found that is not erased, newest first. It can be broken off, and be repeated.
// begin is told about how many there are, and done how many were written.
func Reindex(ctx context.Context, primary *postgres.Pool, index IndexFunc, begin, done func(int64)) error {
	q := db.New()
	var about int64
	if err := primary.QueryRow(ctx, `SELECT coalesce(sum(greatest(reltuples, 0)), 0)::bigint FROM pg_class
		WHERE relkind = 'r' AND (oid = 'tickets'::regclass OR oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'tickets'::regclass))`).Scan(&about); err != nil {
		return postgres.WrapError("count tickets", err)
	}
	begin(about)
	page := db.TicketWordsPageParams{AfterMs: math.MaxInt64, Max: reindexPage}
	for {
		var rows []db.TicketWordsPageRow
		err := postgres.Transact(ctx, primary, func(tx pgx.Tx) (err error) {
			rows, err = reindexRows(ctx, q, tx, page, index)
			return err
		})
		if err != nil {
			return postgres.WrapError("index tickets", err)
		}
		if done(int64(len(rows))); len(rows) < reindexPage {
			return nil
		}
		last := rows[len(rows)-1]
		page.AfterMs, page.AfterID = last.CreatedAtMs, last.ID
	}
}

// BeginIndex notes that tickets are indexed under a fingerprint of package search, unless they were under another.
func BeginIndex(ctx context.Context, primary *postgres.Pool, fingerprint []byte) error {
	return postgres.WrapError("note how tickets are indexed", db.New().SearchIndexBegin(ctx, primary, fingerprint))
}

// EndIndex notes that all tickets were indexed under a fingerprint.
func EndIndex(ctx context.Context, primary *postgres.Pool, fingerprint []byte) error {
	return postgres.WrapError("note how tickets are indexed", db.New().SearchIndexPut(ctx, primary, fingerprint))
}

// Indexes reports whether all tickets were indexed under a fingerprint, as far as is known.
func Indexes(ctx context.Context, primary *postgres.Pool, fingerprint []byte) (bool, error) {
	indexed, err := db.New().SearchIndexIs(ctx, primary, fingerprint)
	return indexed, postgres.WrapError("read how tickets are indexed", err)
}

func reindexRows(ctx context.Context, q *db.Queries, tx pgx.Tx, page db.TicketWordsPageParams, index IndexFunc) ([]db.TicketWordsPageRow, error) {
	if err := q.TicketWordsLock(ctx, tx); err != nil {
		return nil, err
	}
	rows, err := q.TicketWordsPage(ctx, tx, page)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows, putWords(ctx, q, tx, rows, index)
}

// Index writes by what tickets are found that were added in the same transaction without a submission.
func Index(ctx context.Context, tx pgx.Tx, rows []db.TicketWordsPageRow, index IndexFunc) error {
	if len(rows) == 0 {
		return nil
	}
	return putWords(ctx, db.New(), tx, rows, index)
}

func putWords(ctx context.Context, q *db.Queries, tx pgx.Tx, rows []db.TicketWordsPageRow, index IndexFunc) error {
	var put db.TicketWordsPutParams
	for _, row := range rows {
		put.Ids, put.CreatedAtMs = append(put.Ids, row.ID), append(put.CreatedAtMs, row.CreatedAtMs)
	}
	files, err := q.BacktestSignals(ctx, tx, put.Ids)
	if err != nil {
		return err
	}
	measured := map[uuid.UUID][]json.RawMessage{}
	for _, file := range files {
		measured[file.TicketID] = append(measured[file.TicketID], file.Signals)
	}
	for _, row := range rows {
		put.Lexemes = append(put.Lexemes, strings.Join(lexemesOf(row.ID, row.CreatedAtMs, index(row.Extra, measured[row.ID])), "\n"))
	}
	return q.TicketWordsPut(ctx, tx, put)
}

// lexemesOf is what TicketSubmit writes for a new ticket.
func lexemesOf(id uuid.UUID, createdMS int64, i Indexed) []string {
	lexemes := append([]string{wholeNumber(id)}, i.Whole...)
	for _, signal := range i.Signals {
		lexemes = append(lexemes, signalMark+signal)
	}
	for _, identity := range i.Identities {
		lexemes = append(lexemes, identityLexeme(identity))
	}
	for _, word := range i.Words {
		lexemes = append(lexemes, strconv.FormatInt(createdMS/dayMS, 10)+" "+word)
	}
	return lexemes
}
