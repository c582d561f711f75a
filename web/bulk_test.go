package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/testkit/testsite"
)

// waitingTickets submits tickets of as many users.
func waitingTickets(t *testing.T, s *testsite.Site, n int) (ids []string, p program) {
	t.Helper()
	p = programs(t, s)("system", account.Scopes...)
	for i := range n {
		ids = append(ids, p.submit(fmt.Sprint("u-", i), uuid.NewString()).ID)
	}
	return ids, p
}

func bulk(do string, ids ...string) url.Values {
	return url.Values{"do": {do}, "id": ids}
}

func TestBulk_EachTicketOnItsOwn(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	colleague, _ := signedIn(t, s, "colleague", account.Agent)
	ids, p := waitingTickets(t, s, 6)
	held, decided := ids[4], ids[5]
	colleague.post("/review/"+held+"/claim", nil).want(t, 303)
	p.post("/api/v1/tickets/"+decided+"/decision", `{"decision":"reject","version":1,"reason":"name_mismatch"}`).want(t, 200)
	if page := agent.get("/review").want(t, 200, `form="bulk"`, ids[0]); strings.Count(page.body, "data-choose ") != 5 {
		t.Errorf("%d tickets can be chosen, want 5", strings.Count(page.body, "data-choose "))
	}
	unknown := uuid.NewString()
	there := agent.post("/review/bulk", bulk("approve", append(ids, unknown, ids[0])...)).want(t, 303).location()
	page := agent.get(there).want(t, 200, "4 approved, 3 not", "Held by colleague@example.com", "Rejected by key:system", "There is no such ticket")
	page.lacks(t, "Undo all")
	for i, id := range ids {
		want := map[bool]string{true: `"status":"approved"`, false: `"status":"processing"`}[i < 4]
		if id == decided {
			want = `"status":"rejected"`
		}
		p.get("/api/v1/tickets/"+id, "Cache-Control", "no-cache").want(t, 200, want)
	}
	agent.post("/review/bulk", bulk("approve", ids[:4]...)).want(t, 303) // the browser sends it again
	agent.get(there).want(t, 200, "4 approved, 3 not")
}

func TestBulk_WithdrawnMeanwhile(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	ids, p := waitingTickets(t, s, 1)
	p.post("/api/v1/tickets/"+ids[0]+"/withdraw", "").want(t, 200)
	there := agent.post("/review/bulk", bulk("approve", ids...)).want(t, 303).location()
	agent.get(there).want(t, 200, "0 approved, 1 not", ">Withdrawn<").lacks(t, "Withdrawn by")
}

func TestBulk_RejectAndHandOver(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	colleague, _ := signedIn(t, s, "colleague", account.Agent)
	ids, p := waitingTickets(t, s, 4)
	reject := bulk("reject", ids[:2]...)
	agent.post("/review/bulk", reject).want(t, 422, "Choose", "Nothing was done")
	reject.Set("reason", "bogus")
	agent.post("/review/bulk", reject).want(t, 422)
	reject.Set("reason", "name_mismatch")
	there := agent.post("/review/bulk", reject).want(t, 303).location()
	agent.get(there).want(t, 200, "2 rejected")
	p.get("/api/v1/tickets/"+ids[1], "Cache-Control", "no-cache").want(t, 200, `"reject_reason":"name_mismatch"`)

	give := bulk("handover", ids[2:]...)
	give.Set("to", "nobody@example.com")
	agent.post("/review/bulk", give).want(t, 422)
	give.Set("to", "colleague@example.com")
	there = agent.post("/review/bulk", give).want(t, 303).location()
	agent.get(there).want(t, 200, "2 handed over")
	there = agent.post("/review/bulk", bulk("approve", ids[2:]...)).want(t, 303).location()
	agent.get(there).want(t, 200, "0 approved, 2 not", "Handed over to somebody else")
	there = colleague.post("/review/bulk", bulk("approve", ids[2:]...)).want(t, 303).location()
	colleague.get(there).want(t, 200, "2 approved")
}

func TestBulk_Refused(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	ids, p := waitingTickets(t, s, 1)
	many := make([]string, 101)
	for i := range many {
		many[i] = uuid.NewString()
	}
	many[0] = ids[0]
	agent.post("/review/bulk", bulk("approve", many...)).want(t, 422, "at most 100")
	agent.post("/review/bulk", bulk("approve")).want(t, 422, "at least one")
	agent.post("/review/bulk", bulk("approve", "x")).want(t, 400)
	agent.post("/review/bulk", bulk("delete", ids...)).want(t, 400)
	customer.post("/review/bulk", bulk("approve", ids...)).want(t, 403)
	for _, text := range []string{"x", strings.Repeat("-", 21), strings.Repeat("*", 22), strings.Repeat("_", 22), uuid.Nil.String() + "," + uuid.NewString()[1:]} {
		agent.get("/review/bulk?ids="+text).want(t, 422)
	}
	agent.get("/review/bulk?do=approve&ids="+ids[0]).want(t, 200, "/review/"+ids[0]) // as the release before this one writes it
	agent.get("/review/bulk?do=delete").want(t, 422)
	p.get("/api/v1/tickets/"+ids[0], "Cache-Control", "no-cache").want(t, 200, `"status":"processing"`)
}

func TestBulk_UndoAll(t *testing.T) {
	t.Parallel()
	s := startUndo(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	colleague, _ := signedIn(t, s, "colleague", account.Agent)
	ids, p := waitingTickets(t, s, 5)
	approve := bulk("approve", ids...)
	approve.Set("row", "1")
	there := agent.post("/review/bulk", approve).want(t, 303).location()
	if strings.Contains(there, "row") {
		t.Errorf("an approval leads to %s, with a row", there)
	}
	agent.get(there).want(t, 200, "5 approved", "Undo all 5")
	p.get("/api/v1/tickets/"+ids[0], "Cache-Control", "no-cache").want(t, 200, `"status":"processing"`)
	there = colleague.post("/review/bulk", bulk("approve", ids[0])).want(t, 303).location()
	colleague.get(there).want(t, 200, "0 approved, 1 not", "agent@example.com has just decided it")
	there = agent.post("/review/bulk", bulk("undo", ids...)).want(t, 303).location()
	agent.get(there).want(t, 200, "5 back in the queue")
	colleague.post("/review/"+ids[0]+"/claim", nil).want(t, 303) // the agent does not keep what was undone
	there = agent.post("/review/bulk", bulk("approve", ids[1:]...)).want(t, 303).location()
	makeDue(t, s)
	agent.get(there).want(t, 200, "4 approved")
	p.get("/api/v1/tickets/"+ids[1], "Cache-Control", "no-cache").want(t, 200, `"status":"approved"`)
	there = agent.post("/review/bulk", bulk("undo", ids[1:]...)).want(t, 303).location()
	agent.get(there).want(t, 200, "0 back in the queue, 4 not")
}
