package web_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"docket/internal/account"
)

// latestBatch is a body that asks for some users.
func latestBatch(users ...string) string {
	b, _ := json.Marshal(map[string][]string{"user_ids": users}) // it always marshals
	return string(b)
}

func TestLatestBatch_LikeSingleLookUps(t *testing.T) {
	t.Parallel()
	s := start(t)
	all := programs(t, s)("all", account.Scopes...)
	for i, user := range []string{"ann", "bob \u2028<&>", "open"} {
		id := all.submit(user, fmt.Sprint(i)).ID
		if user != "open" {
			all.post("/api/v1/tickets/"+id+"/decision", `{"decision":"approve","version":1}`).want(t, 200)
		}
	}
	users := []string{"nobody", "bob \u2028<&>", "ann", "open", "ann"}
	for _, header := range [][]string{nil, {"Cache-Control", "no-cache"}, nil} {
		got := read[struct {
			Items []struct {
				UserID string `json:"user_id"`
				Ticket json.RawMessage
			}
		}](t, all.post("/api/v1/latest-tickets", latestBatch(users...), header...).want(t, 200))
		if len(got.Items) != len(users) {
			t.Fatalf("%d items for %d users", len(got.Items), len(users))
		}
		for i, item := range got.Items {
			want := "null"
			if i == 1 || i == 2 || i == 4 {
				want = all.get("/api/v1/users/"+strings.NewReplacer(" ", "%20", "\u2028", "%E2%80%A8").Replace(users[i])+"/latest-ticket").want(t, 200).body
			}
			if item.UserID != users[i] || string(item.Ticket) != want {
				t.Errorf("item %d is %s %s, want %s %s", i, item.UserID, item.Ticket, users[i], want)
			}
		}
	}
}

func TestLatestBatch_Limits(t *testing.T) {
	t.Parallel()
	s := start(t)
	all := programs(t, s)("all", account.Scopes...)
	var longest []string
	for i := range 1000 {
		longest = append(longest, fmt.Sprintf("%03d", i)+strings.Repeat("\U0001F5C2", 125))
	}
	got := all.post("/api/v1/latest-tickets", latestBatch(longest...)).want(t, 200)
	if n := strings.Count(got.body, `"ticket":null`); n != 1000 {
		t.Errorf("%d items, want 1000", n)
	}
	for body, want := range map[string]string{
		latestBatch(append(longest, "one more")...): "user_ids too_many",
		`{}`:                            "user_ids required",
		`{"user_ids":[]}`:               "user_ids too_few",
		`{"user_ids":"ann"}`:            "user_ids wrong_type",
		`{"user_ids":{"ann":1}}`:        "user_ids wrong_type",
		`{"user_ids":["ann",1]}`:        "user_ids wrong_type",
		`{"user_ids":["ann",""]}`:       "user_ids bad_user_id",
		`{"user_ids":["ann",null]}`:     "user_ids bad_user_id",
		`{"user_ids":["a\u0001"]}`:      "user_ids bad_user_id",
		latestBatch(longest[0] + "xxx"): "user_ids bad_user_id",
	} {
		all.post("/api/v1/latest-tickets", body).refuses(t, 422, "invalid", want)
	}
	for body, code := range map[string]string{`{"user_ids":null}`: "invalid", `["ann"]`: "malformed_json"} {
		if got := read[problemSeen](t, all.post("/api/v1/latest-tickets", body)); got.Code != code {
			t.Errorf("%s is %s, want %s", body, got.Code, code)
		}
	}
}
