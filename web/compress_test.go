package web_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"docket/internal/account"
)

// Lists and the document are compressed for clients that take it; what repeats the request, or is short, is not.
func TestCompress(t *testing.T) {
	t.Parallel()
	s := start(t)
	all := programs(t, s)("all", account.Scopes...)
	for i := range 12 {
		all.submit(fmt.Sprint("u-", i), fmt.Sprint(i))
	}
	id := all.submit("u-one", "one").ID
	for strings.Count(all.get("/api/v1/events").body, "ticket.submitted") < 13 {
		t.Log("not all events are told yet")
	}
	users := strings.Split(strings.Repeat("nobody,", 999)+"u-one", ",")
	list := "/api/v1/tickets?from=" + time.Now().UTC().Add(-time.Hour).Format(time.RFC3339) + "&to=" + time.Now().UTC().Add(time.Hour).Format(time.RFC3339)
	for _, try := range []struct {
		method, path, body, accepts string
		packed                      bool
	}{
		{"GET", "/api/openapi.json", "", "gzip", true},
		{"GET", "/api/openapi.json", "", "br, gzip;q=0", false},
		{"GET", list, "", "br, gzip", true},
		{"GET", list, "", "gzip", true},
		{"GET", list, "", "", false},
		{"GET", "/api/v1/events", "", "gzip", true},
		{"GET", "/api/v1/users/u-1/tickets", "", "gzip", false},
		{"GET", "/api/v1/tickets/" + id, "", "gzip", false},
		{"POST", "/api/v1/latest-tickets", latestBatch(users...), "gzip", false},
	} {
		got := all.send(try.method, try.path, try.body, "Content-Type", "application/json").want(t, 200)
		r, err := http.NewRequestWithContext(t.Context(), try.method, s.URL+try.path, strings.NewReader(try.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header = http.Header{"Authorization": {"Bearer " + all.key}, "Content-Type": {"application/json"}, "Accept-Encoding": {try.accepts}}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if packed := answer.Header.Get("Content-Encoding") == "gzip"; err != nil || packed != try.packed {
			t.Errorf("%s %s accepting %q is in %q, %v", try.method, try.path, try.accepts, answer.Header.Get("Content-Encoding"), err)
			continue
		}
		if try.packed {
			text = unpack(t, text)
		}
		if string(text) != got.body {
			t.Errorf("%s accepting %q is %.200s, want %.200s", try.path, try.accepts, text, got.body)
		}
	}
}

func unpack(t *testing.T, packed []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
