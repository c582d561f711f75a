package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/testkit/testsite"
	"docket/static"
)

// accessRow is what each caller gets of a route: "login" is a redirect to the sign-in page, the others are statuses. A 422 got
// past the access check: what was sent is not enough to change anything.
type accessRow struct {
	pattern string
	scope   account.Scope // that the call needs; empty: it is a page
	want    string        // one word for each of accessCallers; the last may be left out: it is as the first
}

// accessCallers are the columns: the owner and another customer are of the ticket or file in the path. Three show a key: one with
// the scope, one with every other scope, and one that does not exist. The last signed in with a password that an operator set, and
// has not changed it yet.
var accessCallers = []string{"anonymous", "owner", "other", "agent", "admin", "key", "scopeless key", "unknown key", "admin to be"}

const (
	nothing         = "404 404 404 404 404  404 404 404" // without SMTP_URL
	everyoneReads   = "200 200 200 200 200  200 200 200"
	everyoneOwns    = "login 200 200 200 200  login login login"
	everyoneChanges = "login 422 422 422 422  login login login"
	customersRead   = "login 200 200 403 403  login login login"
	customersSend   = "login 422 422 403 403  login login login"
	customersChange = "login 303 303 403 403  login login login"
	agentsRead      = "login 403 403 200 200  login login login"
	agentsChange    = "login 403 403 303 303  login login login"
	adminsRead      = "login 403 403 403 200  login login login"
	keysWithScope   = "401 401 401 401 401  200 403 401"
)

var accessRows = []accessRow{
	{"GET /static/", "", everyoneReads},
	{"GET /theme/{name}", "", nothing}, // the form has none of this name
	{"GET /healthz", "", everyoneReads},
	{"GET /readyz", "", everyoneReads},

	{"GET /{$}", "", "login 303 303 303 303  login login login"},
	{"GET /signup", "", everyoneReads},
	{"POST /signup", "", "422 422 422 422 422  422 422 422"},
	{"GET /login", "", everyoneReads},
	{"POST /login", "", "422 422 422 422 422  422 422 422"},
	{"POST /logout", "", "login login login login login  login login login"},
	{"GET /oidc/login", "", nothing}, // without OIDC_ISSUER
	{"GET /oidc/callback", "", nothing},
	{"POST /oidc/backchannel-logout", "", nothing},
	{"GET /account", "", everyoneOwns},
	{"GET /account/password", "", everyoneOwns + " 200"},
	{"POST /account/password", "", everyoneChanges + " 422"},
	{"GET /sent", "", nothing},
	{"POST /confirm", "", nothing},
	{"GET /confirm/{token}", "", nothing},
	{"POST /confirm/{token}", "", nothing},
	{"GET /forgot", "", nothing},
	{"POST /forgot", "", nothing},
	{"GET /reset/{token}", "", nothing},
	{"POST /reset/{token}", "", nothing},
	{"GET /dev/mail", "", nothing},
	{"GET /dev/mail/{name}", "", nothing},
	{"GET /login/code", "", "login 303 303 303 303  login login login"},
	{"POST /login/code", "", "login 303 303 303 303  login login login"},
	{"GET /account/factor", "", everyoneOwns},
	{"POST /account/factor", "", everyoneChanges},
	{"POST /account/factor/remove", "", everyoneChanges},
	{"POST /account/factor/recovery-codes", "", everyoneChanges},
	{"POST /account/zone", "", "login 303 303 303 303  login login login"},
	{"POST /account/sessions/end", "", everyoneChanges},
	{"POST /account/sessions/end-others", "", "login 303 303 303 303  login login login"},
	{"POST /language", "", "303 303 303 303 303  303 303 303"},

	{"GET /tickets", "", customersRead},
	{"POST /tickets", "", customersSend},
	{"GET /tickets/new", "", customersRead},
	{"POST /tickets/new", "", customersChange},
	{"POST /tickets/new/asked", "", customersRead},
	{"GET /tickets/new/options", "", "login 404 404 404 404  login login login"}, // the form has no such field
	{"GET /tickets/{id}", "", "login 200 404 403 403  login login login"},
	{"POST /tickets/{id}/withdraw", "", "login 303 404 403 403  login login login"},

	{"POST /files/{field}", "", customersChange},
	{"GET /files/{id}", "", "login 200 404 200 200  login login login"},

	// Of submission links: there is none with a random token. TestLink_Browsers has who may do what with one that there is.
	{"GET /s/{token}", "", nothing},
	{"POST /s/{token}", "", nothing},
	{"POST /s/{token}/begin", "", nothing},
	{"POST /s/{token}/code", "", nothing},
	{"GET /s/{token}/form", "", nothing},
	{"POST /s/{token}/form", "", nothing},
	{"POST /s/{token}/form/asked", "", nothing},
	{"GET /s/{token}/form/options", "", nothing},
	{"GET /s/{token}/phone", "", nothing},
	{"POST /s/{token}/files/{field}", "", nothing},
	{"GET /s/{token}/files/{id}", "", nothing},

	{"GET /review", "", agentsRead},
	{"GET /review/events", "", agentsRead},
	{"GET /review/export.csv", "", agentsRead},
	{"GET /review/disagreed", "", adminsRead},
	{"POST /review/next", "", agentsChange},
	{"GET /review/second-looks", "", agentsRead},
	{"POST /review/second-looks", "", agentsChange},
	{"GET /review/{id}/second-look", "", "login 403 403 404 404  login login login"}, // it was not drawn
	{"POST /review/{id}/second-look", "", "login 403 403 404 404  login login login"},
	{"GET /review/views", "", "405 405 405 405 405  405 405 405"},
	{"GET /review/next", "", "405 405 405 405 405  405 405 405"},
	{"POST /review/ahead", "", "login 403 403 200 200  login login login"},
	{"GET /review/ahead", "", "405 405 405 405 405  405 405 405"},
	{"POST /review/ahead/release", "", "login 403 403 204 204  login login login"},
	{"GET /review/{id}", "", agentsRead},
	{"POST /review/views", "", agentsChange},
	{"POST /review/views/{id}/delete", "", "login 403 403 404 404  login login login"},
	{"POST /review/{id}/claim", "", agentsChange},
	{"POST /review/{id}/release", "", agentsChange},
	{"POST /review/{id}/approve", "", agentsChange},
	{"POST /review/{id}/reject", "", agentsChange},
	{"POST /review/{id}/undo", "", agentsChange},
	{"POST /review/{id}/send", "", "login 403 403 409 409  login login login"}, // no decision is pending
	{"GET /review/{id}/state", "", agentsRead},
	{"POST /review/{id}/skip", "", agentsChange},
	{"POST /review/{id}/snooze", "", "login 403 403 422 422  login login login"},
	{"POST /review/{id}/wake", "", agentsChange},
	{"POST /review/{id}/handover", "", agentsChange},
	{"POST /review/{id}/comment", "", agentsChange},
	{"POST /review/bulk", "", "login 403 403 422 422  login login login"},
	{"GET /review/bulk", "", agentsRead},
	{"POST /review/{id}/revoke", "", "login 403 403 403 409  login login login"},
	{"POST /review/users/{user_id}/reopen", "", "login 403 403 403 422  login login login"},

	{"GET /numbers", "", agentsRead},

	{"GET /admin", "", adminsRead},
	{"GET /admin/people", "", adminsRead},
	{"POST /admin/people", "", "login 403 403 403 422  login login login"},
	{"GET /admin/people/{id}", "", "login 403 403 403 404  login login login"},
	{"POST /admin/people/{id}", "", "login 403 403 403 404  login login login"},
	{"GET /admin/keys", "", adminsRead},
	{"POST /admin/keys", "", "login 403 403 403 422  login login login"},
	{"GET /admin/keys/{id}", "", "login 403 403 403 404  login login login"},
	{"POST /admin/keys/{id}", "", "login 403 403 403 404  login login login"},
	{"GET /admin/webhooks", "", adminsRead},
	{"POST /admin/webhooks", "", "login 403 403 403 422  login login login"},
	{"GET /admin/webhooks/{id}", "", "login 403 403 403 404  login login login"},
	{"POST /admin/webhooks/{id}", "", "login 403 403 403 422  login login login"},
	{"GET /admin/users", "", "login 403 403 403 404  login login login"},
	{"GET /admin/users/{user_id}", "", adminsRead},
	{"POST /admin/users/{user_id}/erase", "", "login 403 403 403 422  login login login"},
	{"POST /admin/users/{user_id}/hold", "", "login 403 403 403 422  login login login"},
	{"POST /admin/users/{user_id}/end-hold", "", "login 403 403 403 303  login login login"},
	{"GET /admin/form", "", adminsRead},
	{"GET /admin/form/mail", "", adminsRead},
	{"GET /admin/rules", "", adminsRead},
	{"GET /admin/audit", "", adminsRead},

	{"GET /api", "", everyoneReads},
	{"GET /api/openapi.json", "", everyoneReads},
	{"GET /api/v1/users/{user_id}/latest-ticket", account.LatestRead, keysWithScope},
	{"GET /api/v1/users/{user_id}/latest-tickets", account.LatestRead, keysWithScope},
	{"POST /api/v1/latest-tickets", account.LatestRead, keysWithScope},
	{"GET /api/v1/users/{user_id}/tickets", account.TicketsRead, keysWithScope},
	{"GET /api/v1/tickets", account.TicketsRead, keysWithScope},
	{"POST /api/v1/tickets", account.TicketsWrite, "401 401 401 401 401  400 403 401"},
	{"GET /api/v1/events", account.EventsRead, keysWithScope},
	{"POST /api/v1/files", account.TicketsWrite, "401 401 401 401 401  422 403 401"},
	{"GET /api/v1/files/{id}", account.TicketsRead, keysWithScope},
	{"GET /api/v1/tickets/{id}", account.TicketsRead, keysWithScope},
	{"POST /api/v1/tickets/{id}/withdraw", account.TicketsWrite, "401 401 401 401 401  404 403 401"}, // the key did not submit it
	{"POST /api/v1/tickets/{id}/decision", account.DecisionsWrite, keysWithScope},
	{"POST /api/v1/submission-links", account.LinksWrite, "401 401 401 401 401  422 403 401"},
	{"DELETE /api/v1/submission-links/{id}", account.LinksWrite, "401 401 401 401 401  404 403 401"},
	{"POST /api/v1/webhooks", account.WebhooksWrite, "401 401 401 401 401  422 403 401"},
	{"GET /api/v1/webhooks", account.WebhooksWrite, keysWithScope},
	{"DELETE /api/v1/webhooks/{id}", account.WebhooksWrite, "401 401 401 401 401  404 403 401"},
	{"POST /api/v1/webhooks/{id}/rotate", account.WebhooksWrite, "401 401 401 401 401  404 403 401"},
	{"POST /api/v1/webhooks/{id}/switch-on", account.WebhooksWrite, "401 401 401 401 401  404 403 401"},
	{"POST /api/v1/webhooks/{id}/test", account.WebhooksWrite, "401 401 401 401 401  404 403 401"},
	{"GET /api/v1/webhooks/{id}/deliveries", account.WebhooksWrite, "401 401 401 401 401  404 403 401"},
	{"POST /api/v1/webhooks/{id}/resend", account.WebhooksWrite, "401 401 401 401 401  422 403 401"},
}

// accessBodies are what is sent to a route; to the others an empty form is.
var accessBodies = map[string]string{
	"POST /language":                     "language=en",
	"POST /review/{id}/handover":         "everyone=yes",
	"POST /review/{id}/comment":          "text=seen",
	"POST /review/views":                 "name=closed&query=status%3Dapproved",
	"POST /review/{id}/approve":          "version=1",
	"POST /review/{id}/reject":           "version=1&reason=name_mismatch",
	"POST /review/bulk":                  "do=approve",
	"POST /review/{id}/revoke":           "version=1&reason=name_mismatch",
	"POST /api/v1/tickets/{id}/decision": `{"decision":"approve","version":1}`,
	"POST /api/v1/latest-tickets":        `{"user_ids":["u-1"]}`,
	"POST /api/v1/submission-links":      "{}",
	"POST /api/v1/webhooks":              "{}",
	"POST /api/v1/webhooks/{id}/resend":  "{}",
}

// TestAccess_Matrix sends a request of each caller to each route. A route without a row fails, and so does a row without a
// route.
func TestAccess_Matrix(t *testing.T) {
	t.Parallel()
	s := start(t)
	callers := newAccessCallers(t, s)
	rows := map[string]accessRow{}
	for _, row := range accessRows {
		rows[row.pattern] = row
	}
	for _, pattern := range s.Instances[0].Web.Patterns() {
		row, ok := rows[pattern]
		if !ok {
			t.Errorf("%s has no row in accessRows", pattern)
			continue
		}
		delete(rows, pattern)
		want := strings.Fields(row.want)
		if len(want) < len(accessCallers) {
			want = append(want, want[0])
		}
		for i, name := range accessCallers {
			if got := callers.ask(t, name, row); got != want[i] {
				t.Errorf("%s by %s: %s, want %s", pattern, name, got, want[i])
			}
		}
	}
	for pattern := range rows {
		t.Errorf("%s has a row in accessRows, but is no route", pattern)
	}
}

// accessSite is a site with everybody who can ask it.
type accessSite struct {
	*testsite.Site
	browsers map[string]*browser
	emails   map[string]string
	owner    string                   // the user whose tickets are asked for
	file     string                   // that one of them names
	keys     map[account.Scope]string // with one scope
	without  map[account.Scope]string // with all but one
}

func newAccessCallers(t *testing.T, s *testsite.Site) *accessSite {
	t.Helper()
	a := &accessSite{Site: s, browsers: map[string]*browser{}, emails: map[string]string{}, keys: map[account.Scope]string{}, without: map[account.Scope]string{}}
	for name, role := range map[string]account.Role{"owner": account.Customer, "other": account.Customer, "agent": account.Agent, "admin": account.Admin} {
		var id string
		a.browsers[name], id = signedIn(t, s, name, role)
		a.emails[name] = name + "@example.com"
		if name == "owner" {
			a.owner = id
		}
	}
	a.browsers["admin to be"] = temporary(t, s, "unfinished", account.Admin, "")
	a.emails["admin to be"] = "unfinished@example.com"
	for i, scope := range account.Scopes {
		a.keys[scope] = s.Key(t, fmt.Sprint("with-", i), scope)
		a.without[scope] = s.Key(t, fmt.Sprint("without-", i), slices.DeleteFunc(slices.Clone(account.Scopes), func(other account.Scope) bool { return other == scope })...)
	}
	a.keys[""] = s.Key(t, "all", account.Scopes...)
	a.without[""] = a.keys[""]
	a.file = programs(t, s)("photographer", account.Scopes...).sendsPhoto(a.owner)
	return a
}

// ask sends a request to a route, about a new ticket, and says what came of it.
func (a *accessSite) ask(t *testing.T, caller string, row accessRow) string {
	t.Helper()
	status, _ := a.send(t, caller, row)
	return status
}

// send is ask, and the id of the request.
func (a *accessSite) send(t *testing.T, caller string, row accessRow) (status, requestID string) {
	t.Helper()
	method, _, _ := strings.Cut(row.pattern, " ")
	ctx, stop := context.WithCancel(t.Context()) // an event stream does not end by itself
	defer stop()
	r, err := http.NewRequestWithContext(ctx, method, a.URL+a.pathOf(t, row.pattern), strings.NewReader(accessBodies[row.pattern]))
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case strings.Contains(row.pattern, "/api/v1/files"):
		r.Header.Set("Content-Type", "image/jpeg")
	case row.scope != "":
		r.Header.Set("Content-Type", "application/json")
	case method == http.MethodPost:
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	client := visitor(t, a.URL).client
	switch caller {
	case "key":
		r.Header.Set("Authorization", "Bearer "+a.keys[row.scope])
	case "scopeless key":
		r.Header.Set("Authorization", "Bearer "+a.without[row.scope])
	case "unknown key":
		r.Header.Set("Authorization", "Bearer dk_made_up")
	case "anonymous":
	default:
		client = a.browser(caller).client
	}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	there, _ := url.Parse(answer.Header.Get("Location"))
	if answer.StatusCode == http.StatusSeeOther && (there.Path == "/login" || there.Path == "/account/password" && caller == "admin to be") {
		return "login", answer.Header.Get("X-Request-Id")
	}
	return fmt.Sprint(answer.StatusCode), answer.Header.Get("X-Request-Id")
}

// browser is somebody's; they are signed in, also after they signed out.
func (a *accessSite) browser(name string) *browser {
	b := a.browsers[name]
	if b.get("/").location() == "/login" {
		b.login(a.emails[name])
	}
	return b
}

// pathOf is an address that matches a pattern, about a new open ticket of the owner or their file.
func (a *accessSite) pathOf(t *testing.T, pattern string) string {
	t.Helper()
	_, path, _ := strings.Cut(pattern, " ")
	id := a.file
	if !strings.Contains(path, "/files/") {
		id = uuid.NewString()
		_, err := a.Instances[0].Primary.Exec(t.Context(), `INSERT INTO tickets (id, user_id, status, extra, one_open) VALUES ($1, $2, 'processing', '{}', false)`, id, a.owner)
		if err != nil {
			t.Fatal(err)
		}
	}
	return strings.NewReplacer("/{$}", "/", "{id}", id, "{field}", "document_front", "{user_id}", a.owner, "/static/", static.Path("app.css")).Replace(path)
}
