package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"docket/internal/account"
)

func TestColumns_InTheListAndInAView(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	id := customer.submit(someID)
	if body := agent.get("/review").want(t, http.StatusOK, id).body; strings.Contains(body, `class="answer"`) {
		t.Error("the list shows answers that nobody chose")
	}
	const query = "c.date_of_birth=yes&c.nationality=yes"
	shown := agent.get("/review?"+query).want(t, http.StatusOK, ">Date of birth</th>", ">Nationality</th>", `name="c.nationality" value="yes" checked`).body
	if n := strings.Count(shown, `<td role="cell" class="answer"`); n != 2 {
		t.Errorf("the row has %d answers, want 2", n)
	}
	agent.post("/review/views", url.Values{"name": {"by birth"}, "query": {query}}).want(t, http.StatusSeeOther)
	agent.get("/review").want(t, http.StatusOK, "by birth", "c.date_of_birth=yes")
	for _, wrong := range []string{"c.nationality=no", "c.document_front=yes", "c.nothing=yes"} {
		agent.get("/review?"+wrong).want(t, http.StatusUnprocessableEntity)
	}
}
