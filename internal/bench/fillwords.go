package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/form/formfile"
	"docket/internal/progress"
	"docket/internal/search"
	"docket/internal/ticket"
)

// copyWords copies by what the tickets are found, as TicketSubmit writes it.
func (f fill) copyWords(ctx context.Context, tx pgx.Tx, p *history) error {
	bar := progress.New("words", int64(f.Tickets))
	defer bar.End()
	maker, asked, identifier := answersOfHistory(f.Seed, f.Tickets), formfile.Default(), search.NewIdentifier(make([]byte, 32))
	_, err := copyRows(ctx, tx, "ticket_words", "user_id, ticket_id, words, created_at_ms", func(r *rowWriter) {
		for m := range p.eachTicket() {
			answers := asked.Answers(maker.answersOf(m.number))
			words, lexemes := search.Index(asked, answers)
			day := strconv.FormatInt(m.createdMS/dayMS, 10)
			for _, word := range words {
				lexemes = append(lexemes, day+" "+word)
			}
			for _, identity := range identifier.Identities(asked, answers) {
				lexemes = append(lexemes, "~"+hex.EncodeToString(identity.Hash))
			}
			r.beginRow(4)
			r.text(userID(m.user))
			r.uuid(m.id)
			r.lexemes(append(lexemes, "="+strings.ToLower(ticket.Number(m.id))))
			r.number(m.createdMS)
			bar.Add(1)
		}
	})
	if err != nil {
		return err
	}
	return db.New().SearchIndexPut(ctx, tx, identifier.Fingerprint(asked))
}

// lexemes writes a tsvector without positions.
func (r *rowWriter) lexemes(texts []string) {
	slices.Sort(texts)
	texts = slices.Compact(texts)
	var b bytes.Buffer
	_ = binary.Write(&b, binary.BigEndian, int32(len(texts))) // memory takes all
	for _, text := range texts {
		b.WriteString(text)
		b.Write([]byte{0, 0, 0}) // the end of the text, and no position
	}
	r.text(b.String())
}
