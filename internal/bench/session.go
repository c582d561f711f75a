package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// browserClient follows no redirect, and keeps a connection for each console.
var browserClient = &http.Client{
	Transport:     &http.Transport{MaxIdleConnsPerHost: 2 * openConsoles},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// signIn returns the cookie of a new session.
func signIn(ctx context.Context, docket, email string) (string, error) {
	form := url.Values{"email": {email}, "password": {password}}.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, docket+"/login", strings.NewReader(form))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := browserClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	for _, cookie := range resp.Cookies() {
		if cookie.Name == "docket" {
			return cookie.Name + "=" + cookie.Value, nil
		}
	}
	return "", fmt.Errorf("%s is not signed in: status %d", email, resp.StatusCode)
}

// openPage requests a page with the cookie of a session. The caller closes the body.
func openPage(ctx context.Context, address, cookie string, header http.Header) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, err
	}
	if header != nil {
		req.Header = header.Clone()
	}
	req.Header.Set("Cookie", cookie)
	resp, err := browserClient.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		return nil, fmt.Errorf("%s: status %d", address, resp.StatusCode)
	}
	return resp, nil
}

// readPage returns the text of a page.
func readPage(ctx context.Context, address, cookie string) (string, error) {
	resp, err := openPage(ctx, address, cookie, nil)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return string(text), err
}
