package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"docket/internal/account"
	"docket/internal/ticket"
	"docket/web/problem"
	"docket/web/request"
)

// Latest is the latest approved ticket of a user.
func (a *API) Latest(w http.ResponseWriter, r *http.Request, _ account.Key) error {
	given, err := parseParameters(r, "for")
	if err != nil {
		return err
	}
	userID := r.PathValue("user_id")
	if userID == "" || !request.ValidUserID(userID) { // nobody can have such an id
		return problem.ErrNoApproved
	}
	found, err := a.latestFor(r.Context(), userID, given.Get("for"))
	if found.Degraded {
		w.Header().Set("X-Consistency", "degraded")
	}
	switch {
	case errors.Is(err, ticket.ErrNotFound) && found.Expired:
		return problem.ErrApprovalExpired
	case errors.Is(err, ticket.ErrNotFound):
		return problem.ErrNoApproved
	case err != nil:
		return err
	}
	id := found.TicketID.String()
	request.RecordOf(r.Context()).Ticket = id
	etag := `"` + strconv.FormatInt(found.UpdatedAt.UnixMilli(), 10) + `"`
	w.Header()["Etag"] = []string{etag}
	if matchesETag(r.Header["If-None-Match"], etag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	w.Header()["Content-Type"] = jsonType
	body := bufferPool.Get().(*[]byte)
	defer bufferPool.Put(body)
	*body = appendLatest((*body)[:0], found, id)
	_, _ = w.Write(*body) // a client that has gone needs no answer
	return nil
}

// bufferPool are what answers were written into, for the next ones.
var bufferPool = sync.Pool{New: func() any { return new([]byte) }}

// appendLatest appends an approval, by hand: it is most of what docket is asked for, and the answers are JSON already, which
// encoding/json would read once more from end to end.
func appendLatest(b []byte, a ticket.Approval, id string) []byte {
	b = append(b, `{"user_id":`...)
	b = appendQuoted(b, a.UserID)
	b = append(b, `,"ticket_id":"`...)
	b = append(b, id...)
	b = append(b, `","status":"approved"`...)
	if a.Subject != "" {
		b = append(b, `,"subject":`...)
		b = appendQuoted(b, a.Subject)
	}
	b = append(b, `,"extra":`...)
	b = append(b, a.Extra...)
	if len(a.Grant) > 0 {
		b = append(b, `,"grant":`...)
		b = append(b, a.Grant...)
	}
	b = append(b, `,"decided_by":`...)
	b = appendQuoted(b, a.DecidedBy)
	b = append(b, `,"decided_at_ms":`...)
	b = strconv.AppendInt(b, a.UpdatedAt.UnixMilli(), 10)
	if !a.ValidUntil.IsZero() {
		b = append(b, `,"valid_until_ms":`...)
		b = strconv.AppendInt(b, a.ValidUntil.UnixMilli(), 10)
	}
	b = append(b, `,"created_at_ms":`...)
	b = strconv.AppendInt(b, a.CreatedAt.UnixMilli(), 10)
	b = append(b, `,"updated_at_ms":`...)
	b = strconv.AppendInt(b, a.UpdatedAt.UnixMilli(), 10)
	return append(b, '}')
}

// appendQuoted appends a text as JSON. A text can always be marshalled, and hardly one needs to be.
func appendQuoted(b []byte, text string) []byte {
	if strings.ContainsFunc(text, needsEscape) {
		q, _ := json.Marshal(text)
		return append(b, q...)
	}
	return append(append(append(b, '"'), text...), '"')
}

func needsEscape(c rune) bool {
	return c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&'
}

// matchesETag reports whether If-None-Match names the tag, as RFC 9110 section 13.1.2 compares them.
func matchesETag(given []string, etag string) bool {
	if len(given) == 0 {
		return false
	}
	for tag := range strings.SplitSeq(strings.Join(given, ","), ",") {
		tag = strings.TrimSpace(tag)
		if tag == "*" || strings.TrimPrefix(tag, "W/") == etag {
			return true
		}
	}
	return false
}
