package web_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// TestReleases_OpenTicket submits a ticket under a form of an earlier release. When today's form has taken its place, an agent reads the
// ticket, a program approves it, and the look-up has its answers as they were sent.
func TestReleases_OpenTicket(t *testing.T) {
	t.Parallel()
	for name, release := range map[string]struct {
		today func(string) ([]byte, error)
		extra string
		shown []string
	}{
		"starter":  {formfile.Starter, `{"full_name":"Linh","email":"linh@example.org","country":"VNM","born":"1990-01-31","topic":"account","amount":12.5,"message":"Two lines","agree":true}`, []string{"Linh", "12.5", "Two lines"}},
		"approval": {formfile.Approval, `{"task":"Deploy 1.4","target":"shop","reason":"A fix","change":"+ one","risk":"low"}`, []string{"Deploy 1.4", "It is undone in a minute"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := testdb.New(t)
			version := map[string]string{"starter": "1", "approval": "2"}[name]
			old, err := formfile.Load("../internal/form/testdata/releases/" + name + "-" + version + ".yaml")
			if err != nil {
				t.Fatal(err)
			}
			before := testsite.Start(t, old, 1, db)
			sent := programs(t, before)("sender", account.Scopes...).post("/api/v1/tickets", fmt.Sprintf(`{"user_id":"u-1","extra":%s}`, release.extra), "Idempotency-Key", "one").want(t, 201)
			var made struct{ ID string }
			if err := json.Unmarshal([]byte(sent.body), &made); err != nil {
				t.Fatal(err)
			}

			after := testsite.Start(t, formOf(t, release.today, name), 1, db)
			agent, _ := signedIn(t, after, "agent", account.Agent)
			agent.get("/review/"+made.ID).want(t, 200, release.shown...)
			program := programs(t, after)("decider", account.Scopes...)
			program.post("/api/v1/tickets/"+made.ID+"/decision", `{"decision":"approve","version":1}`).want(t, 200)
			latest := program.get("/api/v1/users/u-1/latest-ticket").want(t, 200)
			var found struct{ Extra map[string]any }
			want := map[string]any{}
			if err := errors.Join(json.Unmarshal([]byte(latest.body), &found), json.Unmarshal([]byte(release.extra), &want)); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(found.Extra, want) {
				t.Errorf("the look-up has %v, want %v", found.Extra, want)
			}
		})
	}
}

func formOf(t *testing.T, text func(string) ([]byte, error), name string) *form.Form {
	t.Helper()
	src, err := text(name)
	if err != nil {
		t.Fatal(err)
	}
	f, err := formfile.Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
