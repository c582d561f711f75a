package api

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"docket/internal/account"
	"docket/internal/feed"
	"docket/internal/form"
	"docket/web/problem"
)

const (
	maxEvents     = 1000 // events in one answer
	defaultEvents = 100
	eventsList    = "events" // what a cursor of the feed is good for
)

// eventsJSON is one page of the feed. Next is where the next one begins, also when there are no events.
type eventsJSON struct {
	Items []feed.Event `json:"items"`
	Next  string       `json:"next"`
}

// Events is the feed of every committed change, after a cursor.
func (a *API) Events(w http.ResponseWriter, r *http.Request, _ account.Key) error {
	query, err := a.parseEvents(r)
	if err != nil {
		return err
	}
	ctx, stop := a.waiting(w, r, query.Wait)
	defer stop()
	page, err := a.Feed.Read(ctx, query)
	if errors.Is(err, feed.ErrExpired) {
		return problem.ErrCursorExpired
	}
	if err != nil {
		return err
	}
	answer := eventsJSON{Items: page.Events, Next: a.Lists.SignNumber(int64(page.Next), eventsList)}
	if answer.Items == nil {
		answer.Items = []feed.Event{}
	}
	return writeList(w, r, answer)
}

// parseEvents reads what is wanted of the feed.
func (a *API) parseEvents(r *http.Request) (feed.Query, error) {
	given, err := parseParameters(r, "after", "types", "limit", "wait")
	if err != nil {
		return feed.Query{}, err
	}
	var wrong problem.Invalid
	q := feed.Query{Limit: defaultEvents, Wait: parseWait(given, &wrong)}
	if given.Has("limit") {
		if q.Limit = parseCount(given.Get("limit"), maxEvents); q.Limit < 1 {
			wrong.Add("limit", problem.FieldBadLimit, "Must be a number from 1 to "+strconv.Itoa(maxEvents)+".")
		}
	}
	if given.Has("types") {
		for name := range strings.SplitSeq(given.Get("types"), ",") {
			if q.Types = append(q.Types, feed.Type(name)); !slices.Contains(feed.Types, feed.Type(name)) {
				wrong.Add("types", form.CodeNotAnOption, "Must be types of events, with commas between them.")
				break
			}
		}
	}
	after, err := a.Lists.ParseNumber(given.Get("after"), eventsList)
	if wrong := wrong.Sorted(); wrong != nil {
		return q, wrong
	}
	q.After = feed.Position(after)
	return q, err
}

// parseCount reads a number as it is usually written, up to most; negative if it is none.
func parseCount(text string, most int) int {
	n, err := strconv.Atoi(text)
	if err != nil || strconv.Itoa(n) != text || n > most {
		return -1
	}
	return n
}
