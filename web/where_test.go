package web_test

import (
	"html"
	"net/url"
	"regexp"
	"slices"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
)

func TestQueue_Narrowed(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, agentID := signedIn(t, s, "agent", account.Agent)
	other, _ := signedIn(t, s, "other", account.Agent)
	var ids []string
	for _, document := range []string{"passport", "national_id", "passport", "passport"} {
		customer, _ := signedIn(t, s, uuid.NewString()[:8], account.Customer)
		given := answers(uuid.NewString())
		given.Set("document_type", document)
		ids = append(ids, customer.post("/tickets", given).want(t, 303).location()[len("/tickets/"):])
	}
	other.post("/review/"+ids[1]+"/claim", nil)
	agent.post("/review/"+ids[2]+"/reject", url.Values{"version": {"1"}, "reason": {"name_mismatch"}, "comment": {"x"}}).want(t, 303)
	other.post("/review/"+ids[3]+"/reject", url.Values{"version": {"1"}, "reason": {"image_blurry", "name_mismatch"}, "comment": {"x"}}).want(t, 303)
	for query, want := range map[string][]string{
		"f.document_type=passport":                    {ids[0]},
		"f.document_type=national_id&sort=newest":     {ids[1]},
		"f.document_type=residence_permit":            nil,
		"attempt=1":                                   {ids[0], ids[1]},
		"attempt=2":                                   nil,
		"signal=blurry":                               nil,
		"waiting=1h":                                  nil,
		"held=other%40example.com":                    {ids[1]},
		"held=me":                                     nil,
		"status=rejected":                             {ids[3], ids[2]},
		"status=rejected&decider=me":                  {ids[2]},
		"status=rejected&decider=agent%3A" + agentID:  {ids[2]},
		"status=rejected&decider=other%40example.com": {ids[3]},
		"status=rejected&decider=rule%3Aunderage":     nil,
		"status=rejected&reason=name_mismatch":        {ids[3], ids[2]},
		"status=rejected&reason=image_blurry":         {ids[3]},
		"status=rejected&reason=other":                nil,
		"status=rejected&attempt=1&sort=oldest":       {ids[2], ids[3]},
		"status=rejected&attempt=1&limit=1":           {ids[3]},
		"status=rejected&decider=me&f.sex=x":          nil,
		"status=approved&f.document_type=passport":    nil,
	} {
		if got := listed(agent.get("/review?"+query).want(t, 200).body); !slices.Equal(got, want) {
			t.Errorf("%q lists %v, want %v", query, got, want)
		}
	}
	for _, query := range []string{
		"reason=nonsense", "status=rejected&decider=nobody%40example.com", "status=rejected&decider=bot", "decider=user%3Ax", "attempt=0", "attempt=10", "attempt=02",
		"signal=smelly", "waiting=8", "waiting=0h", "waiting=8h30m", "held=rule%3Aunderage", "held=x", "f.document_type=card", "f.full_name=x", "f.nothing=x",
		"f.document_type=passport&f.document_type=passport",
	} {
		agent.get("/review?"+query).want(t, 422)
	}
}

var nextLink = regexp.MustCompile(`href="([^"]*cursor=[^"]*)"`)

// TestQueue_NarrowedPages goes through a narrowed list page by page.
func TestQueue_NarrowedPages(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	var want []string
	for range 5 {
		customer, _ := signedIn(t, s, uuid.NewString()[:8], account.Customer)
		id := customer.submit(uuid.NewString())
		agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"name_mismatch"}, "comment": {"x"}}).want(t, 303)
		want = append(want, id)
	}
	for query, want := range map[string][]string{
		"status=rejected&reason=name_mismatch&limit=2":             {want[4], want[3], want[2], want[1], want[0]},
		"status=rejected&reason=name_mismatch&limit=2&sort=oldest": want,
		"status=rejected&decider=me&limit=2&sort=oldest":           want,
	} {
		var got []string
		for page := "/review?" + query; page != ""; {
			body := agent.get(page).want(t, 200).body
			got = append(got, listed(body)...)
			page = ""
			if next := nextLink.FindStringSubmatch(body); next != nil {
				page = html.UnescapeString(next[1])
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: pages give %v, want %v", query, got, want)
		}
	}
}
