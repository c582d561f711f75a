package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"docket/internal/account"
)

func TestZone_OfBrowserAndAccount(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	at := time.Now().UTC().Add(-time.Hour)
	insertOld(t, s, at)
	shown := func(zone string, header ...string) {
		t.Helper()
		there, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		agent.get("/review", header...).want(t, 200, at.In(there).Format("2 Jan, 15:04"), strings.ReplaceAll(zone, "_", " "))
	}
	shown("UTC")
	shown("Asia/Ho_Chi_Minh", "Cookie", "docket_zone=Asia/Ho_Chi_Minh")
	shown("Asia/Ho_Chi_Minh", "Cookie", "docket_zone=Asia%2FHo_Chi_Minh")
	for _, name := range []string{"Nowhere/City", "../../etc/passwd", "Local", "", strings.Repeat("x", 200)} {
		shown("UTC", "Cookie", "docket_zone="+name)
		agent.get("/review", "Cookie", "docket_zone="+name).lacks(t, "Local") // the zone of the server
	}
	agent.post("/account/zone", url.Values{"time_zone": {"Nowhere/City"}}).want(t, 422, "There is no such time zone.", `value="Nowhere/City"`)
	agent.post("/account/zone", url.Values{"time_zone": {"America/New_York"}}).want(t, 303)
	agent.get("/account?done=zone").want(t, 200, "The time zone is saved.", `value="America/New_York"`)
	shown("America/New_York", "Cookie", "docket_zone=Asia/Ho_Chi_Minh")
	agent.post("/account/zone", url.Values{"time_zone": {""}}).want(t, 303)
	shown("Asia/Ho_Chi_Minh", "Cookie", "docket_zone=Asia/Ho_Chi_Minh")
}

// TestZone_Days has a ticket that was sent just before midnight in UTC: where the agent is, that is another day.
func TestZone_Days(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	day := time.Now().UTC().AddDate(0, 0, -3).Truncate(24 * time.Hour)
	id := insertOld(t, s, day.Add(-time.Minute))
	list := "/review?from=" + day.Format(time.DateOnly) + "&to=" + day.Format(time.DateOnly)
	if body := agent.get(list).want(t, 200).body; strings.Contains(body, id) {
		t.Error("in UTC it is listed a day late")
	}
	agent.get(list, "Cookie", "docket_zone=Asia/Ho_Chi_Minh").want(t, 200, id)
}

// Who has come with a link reads times in the zone of the browser, by its name; without a script in that of the form.
func TestZone_OfLink(t *testing.T) {
	t.Parallel()
	s := start(t)
	b, path := opens(t, s, partner(t, s, "shop").addLink(t, "u-1", ""))
	b.get(path).want(t, 200, "Times are in UTC.")
	b.get(path, "Cookie", "docket_zone=Asia/Ho_Chi_Minh").want(t, 200, "Times are in Asia/Ho Chi Minh (UTC+07:00).")
}
