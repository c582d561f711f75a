package web_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"docket/internal/account"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// rows counts the rows of a table.
func rows(t *testing.T, s *testsite.Site, table string) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.DB.Primary)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSubmit_Idempotent(t *testing.T) {
	t.Parallel()
	s := start(t)
	made := programs(t, s)
	p, other := made("crm", account.TicketsWrite, account.TicketsRead, account.DecisionsWrite), made("shop", account.TicketsWrite)

	first := p.post("/api/v1/tickets", submission("u-1"), "Idempotency-Key", "one").want(t, 201)
	got := read[ticketSeen](t, first)
	if got.Status != "processing" || got.UserID != "u-1" || got.Version != 1 || got.SubmittedBy != "key:crm" || got.Extra["full_name"] != "Nguyễn Văn A" {
		t.Errorf("submitted %+v", got)
	}
	location := first.header.Get("Location")
	if location != "/api/v1/tickets/"+got.ID {
		t.Errorf("it is said to be at %s", location)
	}
	p.get(location).want(t, 200, got.ID)

	again := `{ "extra": ` + strings.Replace(extra, `"consent":true`, ` "consent" : true `, 1) + `, "user_id": "\u0075-1" }`
	for range 2 {
		if same := p.post("/api/v1/tickets", again, "Idempotency-Key", "one").want(t, 201); same.body != first.body || same.header.Get("Location") != location {
			t.Errorf("the second answer is\n%s\nand the first\n%s", same.body, first.body)
		}
		p.post(location+"/decision", `{"decision":"approve","version":1}`).want(t, 200) // and the same after it was decided
	}
	p.post("/api/v1/tickets", submission("u-2"), "Idempotency-Key", "one").refuses(t, 422, "idempotency_key_reused")
	p.post("/api/v1/tickets", strings.Replace(submission("u-1"), "B1234567", "B7654321", 1), "Idempotency-Key", "one").refuses(t, 422, "idempotency_key_reused")
	if n := rows(t, s, "tickets"); n != 1 {
		t.Errorf("%d tickets, want 1", n)
	}
	if id := other.submit("u-1", "one").ID; id == got.ID {
		t.Error("two systems share the names of their submissions")
	}
}

func TestSubmit_ConcurrentWithOneKey(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 2, testdb.New(t))
	p := programs(t, s)("crm", account.TicketsWrite)
	var mu sync.Mutex // guards ids
	ids := map[string]bool{}
	var group sync.WaitGroup
	for i := range 12 {
		group.Go(func() {
			got := p.at(s.URLs[i%2]).post("/api/v1/tickets", submission("u-1"), "Idempotency-Key", "same")
			mu.Lock()
			defer mu.Unlock()
			ids[got.header.Get("Location")] = true
		})
	}
	group.Wait()
	if len(ids) != 1 || rows(t, s, "tickets") != 1 {
		t.Errorf("%d tickets, named %v", rows(t, s, "tickets"), ids)
	}
}

func TestSubmit_SecondOpenTicket(t *testing.T) {
	t.Parallel()
	s := start(t)
	made := programs(t, s)
	first := made("crm", account.TicketsWrite).submit("u-1", "one")
	got := made("shop", account.TicketsWrite).post("/api/v1/tickets", submission("u-1"), "Idempotency-Key", "two")
	p := got.refuses(t, 409, "open_ticket_exists")
	if p.Ticket.ID != first.ID || p.Ticket.Status != "processing" {
		t.Errorf("named %+v, want %s", p.Ticket, first.ID)
	}
	if strings.Contains(got.body, "Nguy") {
		t.Errorf("a key that may only submit reads what another key has sent: %s", got.body)
	}
}

func TestSubmit_ManyOpenTickets(t *testing.T) {
	t.Parallel()
	f, err := formfile.Load("../internal/form/testdata/refund.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	p := programs(t, s)("shop", account.Scopes...)
	const body = `{"user_id":"u-1","extra":{"order_number":"AB-123456","amount":10.50,"currency":"EUR","purchase_date":"TODAY",` +
		`"reason":"changed_mind","email":"a@example.com","not_used":true}}`
	for _, key := range []string{"one", "two"} {
		p.post("/api/v1/tickets", strings.Replace(body, "TODAY", f.DateBound("today", now()), 1), "Idempotency-Key", key).want(t, 201, `"amount":10.50`)
	}
	p.post("/api/v1/tickets", strings.Replace(body, "10.50", "1.05e1", 1), "Idempotency-Key", "three").
		refuses(t, 422, "invalid", "amount not_a_number", "purchase_date not_a_date")
}

func TestSubmit_InvalidFields(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := programs(t, s)("crm", account.TicketsWrite)
	for name, test := range map[string]struct {
		body   string
		fields []string
	}{
		"nothing":            {`{}`, []string{"extra required", "user_id required"}},
		"null":               {`{"user_id":null,"extra":null}`, []string{"extra wrong_type", "user_id wrong_type"}},
		"a number":           {`{"user_id":1,"extra":[]}`, []string{"extra wrong_type", "user_id wrong_type"}},
		"no user":            {`{"user_id":"","extra":` + extra + `}`, []string{"user_id bad_user_id"}},
		"a long user":        {submission(strings.Repeat("ü", 129)), []string{"user_id bad_user_id"}},
		"control characters": {`{"user_id":"a\u0007","extra":` + extra + `}`, []string{"user_id bad_user_id"}},
		"smuggled fields": {
			`{"user_id":"u","status":"approved","decided_by":"me","extra":` + extra + `}`,
			[]string{"decided_by unknown_field", "status unknown_field"},
		},
		"no answers": {`{"user_id":"u","extra":{}}`, []string{
			"consent required", "date_of_birth required", "document_number required", "document_type required",
			"full_name required", "issuing_country required", "nationality required",
		}},
		"an answer nobody asked for": {strings.Replace(submission("u"), `"consent"`, `"status":"approved","consent"`, 1), []string{"status unknown_field"}},
		"an answer of another type":  {strings.Replace(submission("u"), `"consent":true`, `"consent":"true"`, 1), []string{"consent wrong_type"}},
		"an answer of null":          {strings.Replace(submission("u"), `"consent":true`, `"consent":null`, 1), []string{"consent wrong_type"}},
		"a wrong answer":             {strings.Replace(submission("u"), "1990-01-31", "1990-02-31", 1), []string{"date_of_birth not_a_date"}},
		"a hidden character":         {strings.Replace(submission("u"), "Nguy", `Nguy\ue000`, 1), []string{"full_name bad_characters"}},
		"user and answer at once":    {strings.Replace(submission(""), "1990-01-31", "soon", 1), []string{"date_of_birth not_a_date", "user_id bad_user_id"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := p
			p.t = t
			p.post("/api/v1/tickets", test.body, "Idempotency-Key", name).refuses(t, 422, "invalid", test.fields...)
		})
	}
	for _, key := range []string{"", " ", strings.Repeat("k", 256), "schlüssel", "a\tb"} {
		p.post("/api/v1/tickets", submission("u"), "Idempotency-Key", key).refuses(t, 400, "malformed_request")
	}
	if n := rows(t, s, "tickets"); n != 0 {
		t.Errorf("%d tickets were kept", n)
	}
	p.submit(strings.Repeat("ü", 128), strings.Repeat("~", 255))
}

func TestSubmit_AmbiguousJSON(t *testing.T) {
	t.Parallel()
	s := start(t)
	made := programs(t, s)
	p, decider := made("crm", account.TicketsWrite), made("decider", account.DecisionsWrite)
	id := p.submit("u-0", "there").ID
	whole := submission("u")
	bodies := map[string]struct {
		body, where string
	}{
		"nothing":                       {"", "At byte 0:"},
		"no JSON":                       {"user_id=u", "At byte 0:"},
		"a list":                        {"[" + whole + "]", "At byte 0:"},
		"a byte order mark":             {"\ufeff" + whole, "At byte 0:"},
		"a name twice":                  {`{"user_id":"a","user_id":"b","extra":{}}`, "At byte 15:"},
		"a name twice, one escaped":     {`{"user_id":"a","\u0075ser_id":"b","extra":{}}`, "At byte 15:"},
		"an answer twice":               {`{"user_id":"a","extra":{"full_name":"x","full_name":"y"}}`, "At byte 40:"},
		"another case":                  {`{"User_ID":"a","extra":{}}`, "At byte 1:"},
		"another case of an answer":     {`{"user_id":"a","extra":{"Full_Name":"x"}}`, "At byte 24:"},
		"a letter that folds to k or s": {`{"uſer_id":"a","extra":{}}`, "At byte 1:"},
		"something behind it":           {whole + "{}", "At byte "},
		"NaN":                           {`{"user_id":"a","extra":{"a":NaN}}`, "At byte 28:"},
		"Infinity":                      {`{"user_id":"a","extra":{"a":-Infinity}}`, "At byte 29:"},
		"a number beyond float64":       {`{"user_id":"a","extra":{"a":1e400}}`, "At byte 28:"},
		"eight bytes of jsonb":          {`{"user_id":"a","extra":{"a":1e-131071}}`, "At byte 28:"},
		"too deep":                      {`{"user_id":"a","extra":` + strings.Repeat(`{"a":`, 32) + "1" + strings.Repeat("}", 32) + "}", "At byte 178:"},
		"NUL":                           {`{"user_id":"a\u0000","extra":{}}`, "At byte 13:"},
		"half a surrogate pair":         {`{"user_id":"\ud800","extra":{}}`, "At byte 12:"},
		"no UTF-8":                      {"{\"user_id\":\"\xff\",\"extra\":{}}", "At byte 12:"},
		"a control character":           {"{\"user_id\":\"a\nb\",\"extra\":{}}", "At byte 13:"},
		"cut off":                       {whole[:40], "At byte 40:"},
		"a comment":                     {whole + " // x", "At byte "},
		"single quotes":                 {`{'user_id':'a'}`, "At byte 1:"},
	}
	for name, test := range bodies {
		t.Run(name, func(t *testing.T) {
			p, decider := p, decider
			p.t, decider.t = t, t
			got := p.post("/api/v1/tickets", test.body, "Idempotency-Key", name).refuses(t, 400, "malformed_json")
			if !strings.HasPrefix(got.Detail, test.where) {
				t.Errorf("the detail is %q, want %q", got.Detail, test.where)
			}
			decided := strings.NewReplacer("user_id", "decision", `\u0075ser_id`, `\u0064ecision`, "User_ID", "Decision", "uſer_id", "deciſion")
			if name == "another case of an answer" {
				return // a decision has none
			}
			decider.post("/api/v1/tickets/"+id+"/decision", decided.Replace(test.body)).refuses(t, 400, "malformed_json")
		})
	}
	if tickets, events := rows(t, s, "tickets"), rows(t, s, "ticket_events"); tickets != 1 || events != 1 {
		t.Errorf("%d tickets and %d events, want one of each", tickets, events)
	}
	for cut := range len(whole) {
		p.post("/api/v1/tickets", whole[:cut], "Idempotency-Key", "cut").refuses(t, 400, "malformed_json")
	}
}
