package client

import (
	"cmp"
	"context"
	"crypto/rand"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
)

// Submission is what a user has answered.
type Submission struct {
	UserID string
	Extra  map[string]any    // the answers, by the fields of the form
	Files  map[string]Upload // the files, by the fields that ask for them; they are sent first, and their ids become answers

	// IdempotencyKey is your own name for the submission: the same one twice makes one ticket, also from another process. Empty: one is
	// made, which holds for the tries of this call.
	IdempotencyKey string
}

// Upload is a file to send.
type Upload struct {
	MediaType string    // image/jpeg, image/png or application/pdf
	Content   io.Reader // of at most 10 MiB; an io.Seeker can be sent again after a failure
}

// File is a file that the server keeps until a submission names it.
type File struct {
	ID        string   `json:"id"`
	UserID    string   `json:"user_id"`
	Field     string   `json:"field"`
	MediaType string   `json:"media_type"`
	Size      int64    `json:"size"`
	Warnings  []string `json:"warnings"` // what a person should look at
	Read      []Read   `json:"read"`
	Faces     *int     `json:"faces"` // how many were found; nil: none were looked for
}

// Submit submits a ticket for a user. [OpenTicketExists] names the open ticket of the user, where a user may have one.
func (c *Client) Submit(ctx context.Context, s Submission) (Ticket, error) {
	extra := maps.Clone(s.Extra)
	if extra == nil {
		extra = map[string]any{}
	}
	for _, field := range slices.Sorted(maps.Keys(s.Files)) {
		file, err := c.Upload(ctx, s.UserID, field, s.Files[field])
		if err != nil {
			return Ticket{}, err
		}
		extra[field] = file.ID
	}
	made, err := newCall(http.MethodPost, "tickets").withJSON(map[string]any{"user_id": s.UserID, "extra": extra})
	if err != nil {
		return Ticket{}, err
	}
	made.header.Set("Idempotency-Key", cmp.Or(s.IdempotencyKey, rand.Text()))
	var t Ticket
	return t, c.decode(ctx, made, &t)
}

// Upload sends a file for a field of a user's next ticket.
func (c *Client) Upload(ctx context.Context, userID, field string, file Upload) (File, error) {
	made := newCall(http.MethodPost, "files")
	made.query = url.Values{"user_id": {userID}, "field": {field}}
	made.header.Set("Content-Type", file.MediaType)
	content := newContent(file.Content)
	made.body, made.single = content.open, content.seeker == nil
	var kept File
	return kept, c.decode(ctx, made, &kept)
}
