package web_test

import (
	"strings"
	"testing"
	"time"

	"docket/internal/audit"
)

// recordedRoutes are the routes by which staff and other systems read what users sent, and what the audit then says.
var recordedRoutes = map[string]audit.Action{
	"GET /files/{id}":                     audit.FileSeen,
	"GET /review":                         audit.ListShown,
	"GET /review/export.csv":              audit.Exported,
	"GET /review/disagreed":               audit.ListShown,
	"GET /review/second-looks":            audit.ListShown,
	"GET /review/{id}":                    audit.UnclaimedOpened,
	"GET /review/bulk":                    audit.ListShown,
	"GET /admin/users/{user_id}":          audit.SearchShown,
	"GET /admin/audit":                    audit.AuditShown,
	"GET /admin/people":                   audit.AccountsShown,
	"GET /api/v1/users/{user_id}/tickets": audit.SearchShown,
	"GET /api/v1/tickets":                 audit.ListShown,
	"GET /api/v1/files/{id}":              audit.FileSeen,
	"GET /api/v1/tickets/{id}":            audit.TicketOpened,
}

// unrecordedRoutes are the others, and why they are not recorded.
var unrecordedRoutes = map[string]string{
	"GET /review/events":                         "it says that the queue changed, never what",
	"GET /review/next":                           "it is no page",
	"GET /review/ahead":                          "it is no page",
	"GET /review/views":                          "it is no page",
	"GET /review/{id}/second-look":               "no ticket is drawn; TestSecondLook_Blind has one that is",
	"GET /admin":                                 "it only leads to other pages",
	"GET /admin/people/{id}":                     "the account of a random id does not exist; TestPeople_Audit has one that does",
	"GET /admin/keys":                            "it has nothing of people",
	"GET /admin/keys/{id}":                       "it has nothing of people",
	"GET /admin/webhooks":                        "it has nothing of people",
	"GET /admin/webhooks/{id}":                   "it has the ids of tickets, and nothing of people",
	"GET /api/v1/webhooks":                       "it has nothing of people",
	"GET /api/v1/webhooks/{id}/deliveries":       "it has the ids of tickets, and nothing of people",
	"GET /admin/users":                           "it only leads to another page",
	"GET /review/{id}/state":                     "it says who works on a ticket whose page was recorded",
	"GET /admin/form":                            "it has nothing of users",
	"GET /admin/form/mail":                       "it has nothing of users",
	"GET /admin/rules":                           "it has numbers, and the ids of tickets",
	"GET /api/v1/events":                         "it says which tickets changed, and nothing that users sent; the log has it",
	"GET /api/v1/users/{user_id}/latest-ticket":  "there are thousands in a second; the log has them",
	"GET /api/v1/users/{user_id}/latest-tickets": "as the latest approval alone; the log has it",
}

// TestAudit_EveryRoute reads by every route of staff and other systems. A route that is in neither list fails.
func TestAudit_EveryRoute(t *testing.T) {
	t.Parallel()
	s := start(t)
	callers := newAccessCallers(t, s)
	requests := map[string]string{} // id → route
	for _, row := range accessRows {
		_, path, _ := strings.Cut(row.pattern, " ")
		staff := strings.HasPrefix(path, "/review") || strings.HasPrefix(path, "/admin") || path == "/files/{id}"
		if !strings.HasPrefix(row.pattern, "GET ") || !staff && row.scope == "" {
			continue
		}
		_, recorded := recordedRoutes[row.pattern]
		if recorded == (unrecordedRoutes[row.pattern] != "") {
			t.Errorf("%s must be in recordedRoutes or in unrecordedRoutes", row.pattern)
		}
		caller := map[bool]string{true: "admin", false: "key"}[row.scope == ""]
		_, id := callers.send(t, caller, row)
		requests[id] = row.pattern
	}
	if len(requests) != len(recordedRoutes)+len(unrecordedRoutes) {
		t.Errorf("%d routes were asked, of %d", len(requests), len(recordedRoutes)+len(unrecordedRoutes))
	}
	seen := map[string]audit.Action{}
	for until := time.Now().Add(patience); len(seen) < len(recordedRoutes) && time.Now().Before(until); {
		entries, _, err := s.Instances[0].Audit.List(t.Context(), audit.Filter{From: time.Now().Add(-time.Hour), To: time.Now().Add(time.Hour), Limit: 500})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if _, asked := requests[e.RequestID]; asked {
				seen[e.RequestID] = e.Action
			}
		}
	}
	for id, pattern := range requests {
		if seen[id] != recordedRoutes[pattern] {
			t.Errorf("%s is recorded as %q, want %q", pattern, seen[id], recordedRoutes[pattern])
		}
	}
}
