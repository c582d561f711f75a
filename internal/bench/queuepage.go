package main

import (
	"context"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"
)

func sevenDaysAgo() int64 { return time.Now().AddDate(0, 0, -7).UnixMilli() }

// queuePage is a side on which a signed-in agent requests page number of the queue, or the last page when there are fewer.
func (b *bench) queuePage(ctx context.Context, p *process, name, as string, number int) (side, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return side{}, err
	}
	client := &http.Client{Jar: jar}
	form := url.Values{"email": {agentEmail}, "password": {password}}
	path, err := fetchPage(ctx, client, p.url+"/login", form)
	for range number - 1 {
		if err != nil || path == "" {
			break
		}
		var next string
		if next, err = fetchPage(ctx, client, p.url+path, nil); next == "" {
			break
		}
		path = next
	}
	if err != nil {
		return side{}, fmt.Errorf("page %d: %w", number, err)
	}
	base, err := url.Parse(p.url)
	if err != nil {
		return side{}, err
	}
	var cookie string
	for _, c := range jar.Cookies(base) {
		if c.Name == "docket" {
			cookie = "Cookie: " + c.Name + "=" + c.Value
		}
	}
	if as == "" {
		as = name
	}
	request := getRequest(path, cookie)
	return side{name: as, pids: []int{p.pid(), b.postgres}, run: httpLoad(p.url, 2, b.duration, 200, func(int64) []byte { return request })}, nil
}

var nextLink = regexp.MustCompile(`href="(/review\?[^"]*cursor=[^"]*)"`)

// fetchPage requests a page, or posts a form to sign in. It returns the path of the next page; empty after the last one.
func fetchPage(ctx context.Context, client *http.Client, address string, form url.Values) (string, error) {
	method, body := http.MethodGet, io.Reader(http.NoBody)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return "", err
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s: status %d: %w", address, resp.StatusCode, err)
	}
	if form != nil {
		return "/review", nil
	}
	if link := nextLink.FindSubmatch(text); link != nil {
		return html.UnescapeString(string(link[1])), nil
	}
	return "", nil
}
