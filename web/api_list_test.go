package web_test

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"docket/internal/account"
)

// pages reads a whole list, page by page.
func (p program) pages(path string, query url.Values) (ids []string) {
	p.t.Helper()
	for range 100 {
		got := read[listSeen](p.t, p.get(path+"?"+query.Encode()).want(p.t, 200))
		for _, item := range got.Items {
			ids = append(ids, item.ID)
		}
		if got.NextCursor == nil {
			return ids
		}
		query.Set("cursor", *got.NextCursor)
	}
	p.t.Fatalf("%s does not end", path)
	return nil
}

func TestList_Pages(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := programs(t, s)("all", account.Scopes...)
	var want []string
	for i := range 7 {
		want = append(want, p.submit("u-"+strconv.Itoa(i), strconv.Itoa(i)).ID)
	}
	if got := p.pages("/api/v1/tickets", url.Values{"limit": {"3"}}); !slices.Equal(got, want) {
		t.Errorf("oldest first: %v, want %v", got, want)
	}
	slices.Reverse(want)
	if got := p.pages("/api/v1/tickets", url.Values{"limit": {"3"}, "sort": {"newest"}}); !slices.Equal(got, want) {
		t.Errorf("newest first: %v, want %v", got, want)
	}
	if got := p.pages("/api/v1/tickets", url.Values{"user_id": {"u-4"}}); !slices.Equal(got, want[2:3]) {
		t.Errorf("of one user: %v, want %v", got, want[2:3])
	}
	if got := p.pages("/api/v1/tickets", url.Values{"status": {"approved"}}); got != nil {
		t.Errorf("approved: %v", got)
	}
}

func TestList_PagesOfUser(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := programs(t, s)("all", account.Scopes...)
	var want []string
	for i := range 5 {
		id := p.submit("u/ä 1", strconv.Itoa(i)).ID
		p.post("/api/v1/tickets/"+id+"/decision", `{"decision":"reject","version":1,"reason":"name_mismatch"}`).want(t, 200)
		want = append(want, id)
	}
	slices.Reverse(want)
	path := "/api/v1/users/" + url.PathEscape("u/ä 1") + "/tickets"
	if got := p.pages(path, url.Values{"limit": {"2"}}); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := read[listSeen](t, p.get("/api/v1/users/nobody/tickets")); len(got.Items) != 0 || got.NextCursor != nil || got.FromMS != nil || got.ToMS != nil {
		t.Errorf("of nobody: %+v", got)
	}
	for _, impossible := range []string{"%00", "%ff", "a%0ab", strings.Repeat("x", 129)} {
		p.get("/api/v1/users/"+impossible+"/tickets").refuses(t, 404, "not_found")
		p.get("/api/v1/users/"+impossible+"/latest-ticket").refuses(t, 404, "no_approved_ticket")
	}
}

func TestList_RangeInAnswer(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := programs(t, s)("reader", account.TicketsRead)
	const week, slack = int64(7 * 24 * time.Hour / time.Millisecond), int64(2 * time.Minute / time.Millisecond)
	got := read[listSeen](t, p.get("/api/v1/tickets"))
	if late := *got.ToMS - time.Now().UnixMilli(); *got.ToMS-*got.FromMS != week || late < -slack || late > slack {
		t.Errorf("by itself from %d to %d", *got.FromMS, *got.ToMS)
	}
	for query, want := range map[string]string{
		"from=2026-01-01&to=2026-01-02":                               "1767225600000 1767398400000", // a day that is named as the end belongs to it
		"from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z":           "1767225600000 1767312000000",
		"from=2026-01-01T07:00:00%2B07:00&to=2026-01-02T00:00:00Z":    "1767225600000 1767312000000",
		"to=2026-01-08T00:00:00Z":                                     "1767225600000 1767830400000",
		"from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z":           "1767225600000 1769904000000",
		"from=2026-01-01&to=2026-01-31":                               "1767225600000 1769904000000",
		"from=2026-01-01T00:00:00.5Z&to=2026-01-01T00:00:01Z&limit=1": "1767225600500 1767225601000",
	} {
		got := read[listSeen](t, p.get("/api/v1/tickets?"+query).want(t, 200))
		if told := fmt.Sprint(*got.FromMS, *got.ToMS); told != want {
			t.Errorf("%s: %s, want %s", query, told, want)
		}
	}
}

func TestList_InvalidParameters(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := programs(t, s)("reader", account.TicketsRead)
	for query, fields := range map[string]string{
		"limit=0": "limit bad_limit", "limit=-1": "limit bad_limit", "limit=201": "limit bad_limit", "limit=1000000000": "limit bad_limit",
		"limit=99999999999999999999": "limit bad_limit", "limit=ten": "limit bad_limit", "limit=": "limit required",
		"limit=1&limit=2": "limit given_twice", "Limit=1": "Limit unknown_parameter", "user=u": "user unknown_parameter",
		"status=open": "status not_an_option", "status=Approved": "status not_an_option", "sort=best": "sort not_an_option",
		"from=yesterday": "from bad_time", "to=2026-02-30": "to bad_time", "from=0001-01-01": "from bad_time",
		"from=2026-02-02&to=2026-02-01": "from bad_time", "from=2026-01-01T00:00:00 07:00": "from bad_time",
		"user_id=" + strings.Repeat("x", 129): "user_id bad_user_id", "user_id=%00": "user_id bad_user_id", "user_id=": "user_id required",
		"user_id=%ff": "user_id bad_user_id", "status=x&limit=0&cursor=x": "cursor bad_cursor,limit bad_limit,status not_an_option",
		"b=1&a=1": "a unknown_parameter,b unknown_parameter",
	} {
		p.get("/api/v1/tickets?"+strings.ReplaceAll(query, " ", "%20")).refuses(t, 422, "invalid", strings.Split(fields, ",")...)
	}
	for _, query := range []string{"limit=0", "limit=201", "limit=", "limit=1&limit=1", "status=approved", "sort=newest"} {
		p.get("/api/v1/users/u/tickets?"+query).refuses(t, 422, "invalid")
	}
	for _, query := range []string{"from=2026-01-01&to=2026-02-02", "from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:01Z", "from=2020-01-01", "from=2026-01-01&to=2026-03-01&cursor=x"} {
		p.get("/api/v1/tickets?"+query).refuses(t, 422, "time_range_too_wide")
	}
}

func TestList_CursorOfOtherList(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := programs(t, s)("all", account.Scopes...)
	for _, user := range []string{"waits-1", "waits-2"} {
		p.submit(user, user)
	}
	one := func(path string) string { return *read[listSeen](t, p.get(path).want(t, 200)).NextCursor }
	queue, own := one("/api/v1/tickets?limit=1"), ownCursor(t, p)
	for _, path := range []string{
		"/api/v1/tickets?cursor=" + own,
		"/api/v1/tickets?sort=newest&cursor=" + queue,
		"/api/v1/tickets?status=approved&cursor=" + queue,
		"/api/v1/tickets?user_id=u-1&cursor=" + queue,
		"/api/v1/users/u-1/tickets?cursor=" + queue,
		"/api/v1/users/u-2/tickets?cursor=" + own,
		"/api/v1/tickets?cursor=" + queue[:len(queue)-1],
		"/api/v1/tickets?cursor=" + queue + "A",
		"/api/v1/tickets?cursor=A" + queue[1:],
		"/api/v1/tickets?cursor=" + queue + "%3D",
	} {
		if strings.HasSuffix(path, "A"+queue[1:]) && queue[0] == 'A' {
			path = strings.Replace(path, "cursor=A", "cursor=B", 1)
		}
		p.get(path).refuses(t, 422, "bad_cursor")
	}
	p.get("/api/v1/tickets?limit=200&cursor="+queue).want(t, 200)
	p.get("/api/v1/users/u-1/tickets?cursor="+own).want(t, 200)
}

// ownCursor is a place in the list of the user u-1.
func ownCursor(t *testing.T, p program) string {
	t.Helper()
	for i := range 2 {
		id := p.submit("u-1", strconv.Itoa(i)).ID
		p.post("/api/v1/tickets/"+id+"/decision", `{"decision":"reject","version":1,"reason":"name_mismatch"}`).want(t, 200)
	}
	return *read[listSeen](t, p.get("/api/v1/users/u-1/tickets?limit=1").want(t, 200)).NextCursor
}

func TestList_ClosedByClosing(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := programs(t, s)("all", account.Scopes...)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	first, second, third := p.submit("u-1", "1").ID, p.submit("u-2", "2").ID, p.submit("u-3", "3").ID
	for _, id := range []string{second, third, first} {
		p.post("/api/v1/tickets/"+id+"/decision", `{"decision":"approve","version":1}`).want(t, 200)
		time.Sleep(2 * time.Millisecond) // the time of closing has milliseconds
	}
	newest, oldest := []string{first, third, second}, []string{second, third, first}
	approved := func(sort string) url.Values {
		query := url.Values{"status": {"approved"}, "limit": {"1"}}
		if sort != "" {
			query.Set("sort", sort)
		}
		return query
	}
	for sort, want := range map[string][]string{"": newest, "newest": newest, "oldest": oldest} {
		if got := p.pages("/api/v1/tickets", approved(sort)); !slices.Equal(got, want) {
			t.Errorf("sort %q lists %v, want %v", sort, got, want)
		}
		query := approved(sort)
		query.Set("limit", "50")
		if got := listed(agent.get("/review?"+query.Encode()).want(t, 200).body); !slices.Equal(got, want) {
			t.Errorf("the page's sort %q lists %v, want %v", sort, got, want)
		}
	}
}
