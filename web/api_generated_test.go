package web_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"

	"docket/internal/account"
)

const generatedCalls = 2000 // unless GENERATED_CALLS says otherwise

// TestOpenAPI_GeneratedCalls makes calls that are drawn from the document, most of them nearly right. None is answered with 500 or with what
// the document does not have, and what the document does not allow is not accepted.
func TestOpenAPI_GeneratedCalls(t *testing.T) {
	t.Parallel()
	calls := generatedCalls
	if n, err := strconv.Atoi(os.Getenv("GENERATED_CALLS")); err == nil {
		calls = n
	}
	s := start(t)
	all := programs(t, s)("all", account.Scopes...)
	doc, err := openapi3.NewLoader().LoadFromData(all.doc.text)
	if err != nil {
		t.Fatal(err)
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	g := &callGenerator{Rand: rand.New(rand.NewPCG(seed, 1)), file: all.sendsPhoto("u-photo"), tickets: []string{uuid.NewString()}}
	accepted := map[string]int{}
	for range calls {
		c := g.draw(doc)
		got := all.send(c.method, c.path, c.body, c.header...)
		for again := 0; got.status == http.StatusServiceUnavailable && again < 20; again++ { // the machine may be busy, but not each time
			got = all.send(c.method, c.path, c.body, c.header...)
		}
		if got.status >= 500 {
			t.Errorf("%s %s is answered %d:\n%s\n%s", c.method, c.path, got.status, c.body, got.body)
		}
		if got.status < 300 {
			accepted[c.id]++
			g.remember(got.body)
		}
		if t.Failed() {
			t.Fatalf("after %s %s\n%v\n%s", c.method, c.path, c.header, c.body)
		}
	}
	t.Logf("accepted: %v", accepted)
}

// rightAnswers are answers that the form accepts, beside those that its schema lists.
var rightAnswers = map[string]string{
	"full_name": "Nguyễn Văn A", "date_of_birth": "1990-01-31", "nationality": "VNM", "issuing_country": "VNM",
	"document_number": "B1234567", "expiry_date": "2040-01-01",
}

// generatedCall is a call that was drawn.
type generatedCall struct {
	id, method, path, body string
	header                 []string
}

// callGenerator draws calls. It knows the tickets that were answered last.
type callGenerator struct {
	*rand.Rand
	tickets []string
	file    string
}

// remember notes the ticket in an answer.
func (g *callGenerator) remember(body string) {
	var answer ticketSeen
	if json.Unmarshal([]byte(body), &answer) == nil && answer.SubmittedBy != "" {
		g.tickets = append(g.tickets, answer.ID)
	}
	g.tickets = g.tickets[max(0, len(g.tickets)-20):]
}

func (g *callGenerator) oneIn(n int) bool { return g.IntN(n) == 0 }

func pick[T any](g *callGenerator, values ...T) T { return values[g.IntN(len(values))] }

func (g *callGenerator) draw(doc *openapi3.T) generatedCall {
	path := pick(g, slices.Sorted(maps.Keys(doc.Paths.Map()))...)
	operations := doc.Paths.Value(path).Operations()
	method := pick(g, slices.Sorted(maps.Keys(operations))...)
	operation := operations[method]
	c := generatedCall{id: operation.OperationID, method: method, path: path}
	query := url.Values{}
	for _, one := range operation.Parameters {
		parameter := one.Value
		if !parameter.Required && g.oneIn(2) || g.oneIn(40) && parameter.In != "path" {
			continue
		}
		text := g.parameter(parameter)
		switch parameter.In {
		case "path":
			c.path = strings.Replace(c.path, "{"+parameter.Name+"}", url.PathEscape(text), 1)
		case "query":
			query.Set(parameter.Name, text)
		case "header":
			c.header = append(c.header, parameter.Name, text)
		}
	}
	if g.oneIn(40) {
		query.Set("bogus", "1")
	}
	if len(query) > 0 {
		c.path += "?" + query.Encode()
	}
	if operation.RequestBody != nil {
		g.drawBody(&c, operation.RequestBody.Value.Content)
	}
	return c
}

func (g *callGenerator) drawBody(c *generatedCall, content openapi3.Content) {
	kind := pick(g, slices.Sorted(maps.Keys(content))...)
	c.header = append(c.header, "Content-Type", kind)
	if kind != "application/json" {
		c.body = pick(g, "", string(photo()), "%PDF-1.4 no", string(photo()[:3000]))
		return
	}
	text, _ := json.Marshal(g.value(content[kind].Schema.Value, "")) // it always marshals
	if c.body = string(text); g.oneIn(60) {
		c.body = pick(g, c.body[:len(c.body)/2], c.body+"x", "null", "[]", `{"user_id":"a","user_id":"b"}`)
	}
}

// parameter draws the text of a parameter.
func (g *callGenerator) parameter(p *openapi3.Parameter) string {
	switch p.Name {
	case "wait": // takes time
		return pick(g, "0", "x", "1000000")
	case "Cache-Control":
		return "no-cache"
	case "Idempotency-Key":
		return pick(g, "a", strings.Repeat("k", 256), uuid.NewString(), uuid.NewString(), uuid.NewString(), uuid.NewString())
	case "types":
		return pick(g, "ticket.submitted", "ticket.submitted,ticket.approved", "ticket.lost", ",")
	case "from", "to":
		return pick(g, "2026-01-01", "2026-01-20T10:00:00Z", "2026-11-26T10:00:00+14:00", "9999-12-31", "yesterday")
	}
	switch value := g.value(p.Schema.Value, p.Name).(type) {
	case string:
		if value == "" || strings.ContainsAny(value, "/\x00") && p.In == "path" || strings.ContainsAny(value, "\x00\n\r") && p.In == "header" {
			return "x"
		}
		return value
	default:
		return fmt.Sprint(value)
	}
}

// value draws a value of a schema, and now and then one that is none.
func (g *callGenerator) value(schema *openapi3.Schema, name string) any {
	if g.oneIn(100) {
		return pick[any](g, nil, true, -1, 1.5, "", "x", []any{}, map[string]any{}, strings.Repeat("ä", 5000))
	}
	switch {
	case len(schema.OneOf) > 0:
		return g.value(pick(g, schema.OneOf...).Value, name)
	case len(schema.AllOf) > 0:
		return g.value(schema.AllOf[0].Value, name)
	case len(schema.Enum) > 0:
		return pick(g, schema.Enum...)
	case schema.Type.Is("boolean"):
		return !g.oneIn(10)
	case schema.Type.Is("integer"), schema.Type.Is("number"):
		return g.number(schema)
	case schema.Type.Is("array"):
		return g.array(schema)
	case schema.Type.Is("object"):
		return g.object(schema)
	}
	return g.text(schema, name)
}

func (g *callGenerator) number(schema *openapi3.Schema) any {
	values := []any{0, 1, 2, 3}
	if schema.Min != nil {
		values = append(values, *schema.Min, *schema.Min-1)
	}
	if schema.Max != nil {
		values = append(values, *schema.Max, *schema.Max+1)
	}
	return pick(g, values...)
}

func (g *callGenerator) array(schema *openapi3.Schema) any {
	values := make([]any, pick(g, 0, 1, 1, 2, 3))
	for i := range values {
		values[i] = g.value(schema.Items.Value, "")
	}
	return values
}

func (g *callGenerator) object(schema *openapi3.Schema) any {
	values := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
		required := slices.Contains(schema.Required, name)
		_, known := rightAnswers[name]
		if (required || known) && !g.oneIn(60) || !required && g.oneIn(2+len(schema.Properties)) {
			values[name] = g.value(schema.Properties[name].Value, name)
		}
	}
	if g.oneIn(60) || len(schema.Properties) == 0 && g.oneIn(2) {
		values[pick(g, "bogus", "full_name", "a.b")] = g.value(openapi3.NewStringSchema(), "")
	}
	return values
}

func (g *callGenerator) text(schema *openapi3.Schema, name string) any {
	if g.oneIn(20) {
		return pick(g, "", " ")
	}
	if right, ok := rightAnswers[name]; ok && !g.oneIn(30) {
		return right
	}
	switch {
	case strings.HasPrefix(name, "document_front"):
		return pick(g, g.file, uuid.NewString())
	case schema.Format == "uuid":
		return pick(g, pick(g, g.tickets...), g.tickets[len(g.tickets)-1], g.file, uuid.NewString(), "not-an-id")
	case schema.Format == "date":
		return pick(g, "1990-01-31", "2040-01-01", "2024-02-30", "0001-01-01")
	case schema.Format == "uri":
		return "https://hook.example/" + uuid.NewString()
	case name == "user_id":
		return pick(g, "u-1", fmt.Sprint("u-", g.IntN(500)), fmt.Sprint("u-", g.IntN(500)), fmt.Sprint("u-", g.IntN(500)), uuid.NewString(), "Ä ÖÜ", strings.Repeat("u", 129), "a\u202eb")
	}
	return pick(g, "x", "Nguyễn Văn A", "B1234567", "VNM", "1990-01-31", "\u0000", "\u202e", "' OR 1=1 --", "<script>", strings.Repeat("long ", 900), "🗂")
}
