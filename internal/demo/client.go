package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
)

// client calls a docket: its JSON interface with the key, its pages as one of the accounts.
type client struct {
	http    http.Client
	site    Site
	cookies map[string]string // the session of each account that has signed in, by e-mail address
}

// newClient returns a client that does not follow redirects: one is how a page says that a form was accepted.
func newClient(site Site) *client {
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client{http: http.Client{CheckRedirect: stay}, site: site, cookies: map[string]string{}}
}

func (c *client) hasTickets(ctx context.Context, userID string) (bool, error) {
	var list struct{ Items []json.RawMessage }
	err := c.callJSON(ctx, "GET", "/api/v1/users/"+url.PathEscape(userID)+"/tickets?limit=1", nil, nil, &list)
	return len(list.Items) > 0, err
}

// submit sends the photos of attempt n of a person and then its answers, and returns the ticket's ID.
func (c *client) submit(ctx context.Context, p person, n int) (id string, err error) {
	extra := p.answers()
	for _, drawn := range p.photos(n) {
		var file struct{ ID string }
		address := "/api/v1/files?" + url.Values{"user_id": {p.userID}, "field": {drawn.field}}.Encode()
		if err := c.callJSON(ctx, "POST", address, http.Header{"Content-Type": {"image/jpeg"}}, drawn.jpeg(), &file); err != nil {
			return "", err
		}
		extra[drawn.field] = file.ID
	}
	body, err := json.Marshal(map[string]any{"user_id": p.userID, "extra": extra})
	if err != nil {
		return "", err
	}
	var ticket struct{ ID string }
	header := http.Header{"Content-Type": {"application/json"}, "Idempotency-Key": {fmt.Sprintf("demo-%s-%d", p.userID, n+1)}}
	err = c.callJSON(ctx, "POST", "/api/v1/tickets", header, body, &ticket)
	return ticket.ID, err
}

// callJSON sends a request with the API key and reads the answer into got.
func (c *client) callJSON(ctx context.Context, method, path string, header http.Header, body []byte, got any) error {
	r, err := http.NewRequestWithContext(ctx, method, c.site.URL+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	maps.Copy(r.Header, header)
	r.Header.Set("Authorization", "Bearer "+c.site.APIKey)
	answer, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode > 299 {
		err = fmt.Errorf("%s %s: %s: %s", method, path, answer.Status, text)
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(text, got)
}

// postPage sends a form as an account, which signs in first when it has not done so.
func (c *client) postPage(ctx context.Context, login Login, path string, values url.Values) error {
	if c.cookies[login.Email] == "" {
		answer, err := c.postForm(ctx, "/login", url.Values{"email": {login.Email}, "password": {login.Password}}, "")
		if err != nil {
			return fmt.Errorf("sign in as %s: %w", login.Email, err)
		}
		var pairs []string
		for _, cookie := range answer.Cookies() {
			pairs = append(pairs, cookie.Name+"="+cookie.Value)
		}
		c.cookies[login.Email] = strings.Join(pairs, "; ")
	}
	_, err := c.postForm(ctx, path, values, c.cookies[login.Email])
	return err
}

// postForm sends a form. What is not answered with a redirect was refused.
func (c *client) postForm(ctx context.Context, path string, values url.Values, cookie string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.site.URL+path, strings.NewReader(values.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusSeeOther {
		return nil, fmt.Errorf("POST %s: %s", path, answer.Status)
	}
	return answer, nil
}
