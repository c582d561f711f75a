package transfer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"docket/internal/postgres"
)

// flush adds the tickets that wait: all at once or, if the database refuses that, user by user. The tickets of one user are added
// together, or none is.
func (im *Importer) flush(ctx context.Context) error {
	defer im.forget()
	if im.waiting == 0 {
		return nil
	}
	if err := im.dropPresent(ctx); err != nil {
		return err
	}
	err := im.add(ctx, im.users)
	if _, refused := errors.AsType[refusal](err); refused {
		err = nil
		for _, user := range slices.Sorted(maps.Keys(im.users)) {
			if err = im.addUser(ctx, user); err != nil {
				break
			}
		}
	}
	if err == nil {
		im.Progress(int64(im.waiting))
	}
	return err
}

// addUser adds the tickets of one user, or says why none was.
func (im *Importer) addUser(ctx context.Context, user string) error {
	tickets := im.users[user]
	err := im.add(ctx, map[string][]*Ticket{user: tickets})
	refused, isRefused := errors.AsType[refusal](err)
	if !isRefused {
		return err
	}
	for _, t := range tickets {
		if err := im.refuse(Refused{im.lines[t], t.ID, refused.Error()}); err != nil {
			return err
		}
	}
	return nil
}

// dropPresent leaves out tickets that are there. It refuses those that say something else.
func (im *Importer) dropPresent(ctx context.Context) error {
	ids := make([]uuid.UUID, 0, im.waiting)
	for t := range im.lines {
		ids = append(ids, t.ID)
	}
	rows, err := im.q.TransferTicketsOf(ctx, im.Primary, ids)
	if err != nil {
		return postgres.WrapError("read tickets", err)
	}
	if len(rows) == 0 {
		return nil
	}
	h, err := readHistory(ctx, im.q, im.Primary, rows)
	if err != nil {
		return err
	}
	present := map[uuid.UUID]*Ticket{}
	for _, row := range rows {
		present[row.ID] = h.ticket(row)
	}
	for user, tickets := range im.users {
		im.users[user] = slices.DeleteFunc(tickets, func(t *Ticket) bool {
			there := present[t.ID]
			switch {
			case there == nil:
				return false
			case equal(there, t):
				im.done.Present++
			default:
				err = errors.Join(err, im.refuse(Refused{im.lines[t], t.ID, "there is such a ticket, which says something else"}))
			}
			return true
		})
	}
	return err
}

// equal reports whether two tickets say the same, in whatever order their answers and the ids of their files stand.
func equal(a, b *Ticket) bool {
	var texts [2][]byte
	for i, t := range []*Ticket{a, b} {
		of := *t
		of.Files = slices.SortedFunc(slices.Values(t.Files), func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
		for _, answers := range []*json.RawMessage{&of.Extra, &of.Grant} {
			if len(*answers) == 0 {
				continue
			}
			var value any
			decoder := json.NewDecoder(bytes.NewReader(*answers))
			decoder.UseNumber()
			if decoder.Decode(&value) != nil {
				return false
			}
			*answers, _ = json.Marshal(value) // what was decoded can be encoded
		}
		texts[i], _ = json.Marshal(of)
	}
	return bytes.Equal(texts[0], texts[1])
}

// add adds the tickets of users in one transaction.
func (im *Importer) add(ctx context.Context, users map[string][]*Ticket) error {
	names := slices.Sorted(maps.Keys(users))
	var all []*Ticket
	for _, user := range names {
		all = append(all, users[user]...)
	}
	if len(all) == 0 {
		return nil
	}
	err := postgres.Transact(ctx, im.Primary, func(tx pgx.Tx) error {
		latest, err := im.q.TransferLatest(ctx, tx, names)
		if err != nil {
			return err
		}
		p, err := newPlan(users, latest)
		if err != nil {
			return refusal{err}
		}
		b := batch{im: im, tx: tx, tickets: all}
		return b.write(ctx, p, names)
	})
	if err := im.refusalOf(err); err != nil {
		return err
	}
	im.done.Added += int64(len(all))
	return nil
}

// refusalOf makes a refusal of what the database refuses; other errors end the import.
func (im *Importer) refusalOf(err error) error {
	refused, isRefused := errors.AsType[*pgconn.PgError](err)
	switch _, known := errors.AsType[refusal](err); {
	case err == nil || known:
		return err
	case !isRefused || !slices.Contains([]string{"22", "23", "40"}, refused.Code[:2]):
		return postgres.WrapError("add tickets", err)
	}
	if refused.ConstraintName != "" && refused.Detail != "" {
		return refusal{fmt.Errorf("%s: %s", refused.Message, refused.Detail)}
	}
	return refusal{errors.New(refused.Message)}
}
