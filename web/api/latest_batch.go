package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/ticket"
	"docket/web/problem"
	"docket/web/request"
)

const (
	maxBatchUsers = 1000    // users of one look-up
	maxBatchBytes = 1 << 20 // bytes of its body: so many of the longest ids
)

// LatestBatch is the latest approved tickets of several users, in the order in which they are named.
func (a *API) LatestBatch(w http.ResponseWriter, r *http.Request, _ account.Key) error {
	if _, err := parseParameters(r); err != nil {
		return err
	}
	b, err := readJSONUpTo(w, r, maxBatchBytes, "user_ids", "for")
	if err != nil {
		return err
	}
	userIDs, subject := b.readUserIDs("user_ids"), a.readSubject(b)
	if err := b.wrong.Sorted(); err != nil {
		return err
	}
	latest := a.Desk.LatestBatch
	if subject != "" {
		latest = func(ctx context.Context, userIDs []string) ([]ticket.Approval, error) {
			return a.Desk.LatestFor(ctx, subject, userIDs)
		}
	}
	found, err := latest(r.Context(), userIDs)
	if err != nil {
		return err
	}
	for _, one := range found {
		if one.Degraded {
			w.Header().Set("X-Consistency", "degraded")
			break
		}
	}
	w.Header()["Content-Type"] = jsonType
	body := bufferPool.Get().(*[]byte)
	defer bufferPool.Put(body)
	*body = appendLatestBatch((*body)[:0], userIDs, found)
	_, _ = w.Write(*body) // a client that has gone needs no answer
	return nil
}

// readUserIDs is a member that must be a list of ids of users.
func (b *requestBody) readUserIDs(name string) (ids []string) {
	if !b.hasField(name, true) {
		return nil
	}
	value := b.members[name].Value
	switch err := json.Unmarshal(value, &ids); {
	case value[0] != '[' || err != nil:
		b.addProblem(name, form.CodeWrongType, "Must be a list of strings.")
		return nil
	case len(ids) == 0:
		b.addProblem(name, form.CodeTooFew, "Name at least one user.")
	case len(ids) > maxBatchUsers:
		b.addProblem(name, form.CodeTooMany, "Name at most "+strconv.Itoa(maxBatchUsers)+" users.")
	}
	for i, id := range ids {
		if id == "" || !request.ValidUserID(id) {
			b.addProblem(name, problem.FieldBadUserID, "Entry "+strconv.Itoa(i)+", counted from 0: a user id has 1 to 128 characters, and no control characters.")
			break
		}
	}
	return ids
}

// appendLatestBatch appends each user with the approval that was found.
func appendLatestBatch(b []byte, userIDs []string, found []ticket.Approval) []byte {
	b = append(b, `{"items":[`...)
	for i, userID := range userIDs {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"user_id":`...)
		b = appendQuoted(b, userID)
		b = append(b, `,"ticket":`...)
		if id := found[i].TicketID; id == uuid.Nil {
			b = append(b, "null"...)
		} else {
			b = appendLatest(b, found[i], id.String())
		}
		b = append(b, '}')
	}
	return append(b, "]}"...)
}
