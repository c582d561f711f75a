package store_test

import (
	"encoding/hex"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/store"
	"docket/internal/ticket"
)

// TestNarrow_ByIndexOfAnswers filters lists by answers. Once all tickets are indexed by them the index says which have an answer: here one
// that has it is not in the index, to tell both ways apart.
func TestNarrow_ByIndexOfAnswers(t *testing.T) {
	t.Parallel()
	_, p := desk(t)
	begin := time.UnixMilli(1_700_000_000_000)
	indexed, every := map[ticket.Status][]uuid.UUID{}, map[ticket.Status][]uuid.UUID{}
	for i := range 12 {
		at, answer := begin.Add(time.Duration(i)*12*time.Hour).UnixMilli(), []string{"it's", `\b`}[i%2]
		for _, status := range []ticket.Status{ticket.Processing, ticket.Withdrawn} {
			id := uuid.Must(uuid.NewV7())
			if _, err := p.Exec(t.Context(), `INSERT INTO tickets (id, user_id, status, extra, one_open, created_at_ms, updated_at_ms)
				VALUES ($1, text($1::uuid), $3, jsonb_build_object('colour', $4::text), false, $2, $2)`, id, at, status, answer); err != nil {
				t.Fatal(err)
			}
			if i%2 == 0 {
				every[status] = append(every[status], id)
			}
			if i == 2 {
				continue
			}
			if _, err := p.Exec(t.Context(), "INSERT INTO ticket_words (user_id, ticket_id, words, created_at_ms) VALUES (text($1::uuid), $1, array_to_tsvector($2::text[]), $3)",
				id, []string{ticket.AnswerLexeme("colour", answer), "!blurry"}, at); err != nil {
				t.Fatal(err)
			}
			if i%2 == 0 {
				indexed[status] = append(indexed[status], id)
			}
		}
	}
	execAll(t, p, fmt.Sprintf(`INSERT INTO search_index (fingerprint) VALUES ('\x%s')`, hex.EncodeToString([]byte("now"))))
	for _, c := range []struct {
		name, fingerprint string
		want              map[ticket.Status][]uuid.UUID
	}{{"indexed", "now", indexed}, {"indexed by what the form said before", "new", every}, {"not known", "", every}} {
		reader := store.NewReader(p)
		if c.fingerprint != "" {
			reader.WithFingerprint(func() []byte { return []byte(c.fingerprint) })
		}
		for status, want := range c.want {
			for _, newest := range []bool{false, true} {
				got := readPages(t, reader, ticket.Query{
					Status: status, Newest: newest, From: begin, To: begin.AddDate(0, 0, 31), Where: ticket.Where{Answers: `{"colour":"it's"}`}, Page: ticket.Page{Limit: 2},
				})
				if newest {
					slices.Reverse(got)
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s, %s, newest %v: %v, want %v", c.name, status, newest, got, want)
				}
			}
		}
	}
	reader := store.NewReader(p).WithFingerprint(func() []byte { return []byte("now") })
	several := ticket.Query{Status: ticket.Processing, From: begin, To: begin.AddDate(0, 0, 31), Where: ticket.Where{Answers: `{"colour":["it's"]}`, Signal: "blurry"}, Page: ticket.Page{Limit: 50}}
	if got := readPages(t, reader, several); len(got) != 0 { // the answer is one, not several
		t.Errorf("with one of several answers %v, want none", got)
	}
}

// readPages reads a list page by page.
func readPages(t *testing.T, reader *store.Reader, q ticket.Query) (ids []uuid.UUID) {
	t.Helper()
	for range 50 {
		list, err := reader.Queue(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range list.Tickets {
			ids = append(ids, found.ID)
		}
		if q.After = list.Next; list.Next.IsZero() {
			return ids
		}
	}
	t.Fatal("the list does not end")
	return nil
}
