package main

import (
	"cmp"
	"context"
	"html"
	"regexp"
	"strings"
	"time"
)

func sevenDaysAgo() int64 { return time.Now().AddDate(0, 0, -7).UnixMilli() }

// queuePage is a side on which a signed-in agent requests page number of the queue, or the last page when there are fewer. headers are
// further lines of the request.
func (b *bench) queuePage(ctx context.Context, p *process, name, as string, number int, headers ...string) (side, error) {
	cookie, err := signIn(ctx, p.url, agentEmail)
	if err != nil {
		return side{}, err
	}
	path := "/review"
	for range number - 1 {
		text, err := readPage(ctx, p.url+path, cookie)
		if err != nil {
			return side{}, err
		}
		link := nextLink.FindStringSubmatch(text)
		if link == nil {
			break
		}
		path = html.UnescapeString(link[1])
	}
	request := getRequest(path, strings.Join(append(headers, "Cookie: "+cookie), "\r\n"))
	return side{name: cmp.Or(as, name), pids: []int{p.pid(), b.postgres}, run: httpLoad(p.url, 2, b.duration, 200, func(int64) []byte { return request })}, nil
}

var nextLink = regexp.MustCompile(`href="(/review\?[^"]*cursor=[^"]*)"`)
