package client

import (
	"context"
	"net/http"
	"time"
)

// LinkSettings says what a submission link is for. What is empty is left to the server.
type LinkSettings struct {
	UserID    string         // whose ticket it becomes: your own id of the user
	ReturnURL string         // where the person goes afterwards; of an origin that the key may return to
	State     string         // what comes back with that address
	ExpiresIn time.Duration  // in whole seconds
	Prefill   map[string]any // answers that are there already
	Locked    []string       // which of them the person cannot change
	Language  string
}

// Link is an address at which a person fills in the form, without an account.
type Link struct {
	ID        string `json:"id"`
	URL       string `json:"url"` // shown only here
	ExpiresAt Time   `json:"expires_at_ms"`
}

// AddLink makes a submission link. After a failure that leaves open whether one was made it is not tried again.
func (c *Client) AddLink(ctx context.Context, s LinkSettings) (Link, error) {
	made, err := newCall(http.MethodPost, "submission-links").withJSON(struct {
		UserID    string         `json:"user_id"`
		ReturnURL string         `json:"return_url,omitempty"`
		State     string         `json:"state,omitempty"`
		ExpiresIn int64          `json:"expires_in,omitempty"`
		Prefill   map[string]any `json:"prefill,omitempty"`
		Locked    []string       `json:"locked,omitempty"`
		Language  string         `json:"language,omitempty"`
	}{s.UserID, s.ReturnURL, s.State, int64(s.ExpiresIn / time.Second), s.Prefill, s.Locked, s.Language})
	if err != nil {
		return Link{}, err
	}
	made.once = true
	var link Link
	return link, c.decode(ctx, made, &link)
}

// RevokeLink ends a submission link that this key has made. A second time it changes nothing.
func (c *Client) RevokeLink(ctx context.Context, id string) error {
	return c.do(ctx, newCall(http.MethodDelete, "submission-links", id), func(*http.Response) error { return nil })
}
