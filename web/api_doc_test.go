package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"docket/internal/testkit/testsite"
)

type object = map[string]any

// described is the document of the JSON interface, against which answers are checked.
type described struct {
	text    []byte
	root    object
	schemas *jsonschema.Compiler
	router  routers.Router
	mu      sync.Mutex // guards schemas, seen and values
	seen    map[string]bool
	values  map[string]bool // of enumerations
}

// describe reads the document of a site. What it does not name is then forbidden.
func describe(t *testing.T, s *testsite.Site) *described {
	t.Helper()
	d := &described{seen: map[string]bool{}, values: map[string]bool{}}
	d.text = []byte(visitor(t, s.URL).get("/api/openapi.json").want(t, 200).body)
	doc, err := openapi3.NewLoader().LoadFromData(d.text)
	if err != nil {
		t.Fatalf("the document cannot be loaded: %v", err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		t.Fatalf("the document is not one of OpenAPI: %v", err)
	}
	if d.router, err = gorillamux.NewRouter(doc); err != nil {
		t.Fatal(err)
	}
	root, err := jsonschema.UnmarshalJSON(bytes.NewReader(d.text))
	if err != nil {
		t.Fatal(err)
	}
	d.root = root.(object)
	allowNull(d.root)
	for _, schema := range d.root["components"].(object)["schemas"].(object) {
		forbidTheRest(schema)
	}
	d.schemas = jsonschema.NewCompiler()
	d.schemas.AssertFormat()
	if err := d.schemas.AddResource("https://docket.test/openapi.json", d.root); err != nil {
		t.Fatal(err)
	}
	return d
}

// forbidTheRest lets an object have the members that its schema names, and no others.
func forbidTheRest(schema any) {
	switch schema := schema.(type) {
	case object:
		if _, named := schema["properties"]; named && schema["type"] == "object" {
			schema["additionalProperties"] = false
		}
		for _, inner := range schema {
			forbidTheRest(inner)
		}
	case []any:
		for _, inner := range schema {
			forbidTheRest(inner)
		}
	}
}

// allowNull writes what OpenAPI 3.0 calls nullable as JSON Schema does.
func allowNull(node any) {
	switch node := node.(type) {
	case object:
		for _, inner := range node {
			allowNull(inner)
		}
		if node["nullable"] != true {
			return
		}
		schema := object{}
		for name, value := range node {
			schema[name] = value
			delete(node, name)
		}
		delete(schema, "nullable")
		node["anyOf"] = []any{schema, object{"type": "null"}}
	case []any:
		for _, inner := range node {
			allowNull(inner)
		}
	}
}

// at follows a reference, if there is one, and says where the target stands.
func (d *described) at(node object, pointer string) (object, string) {
	for {
		target, ok := node["$ref"].(string)
		if !ok {
			return node, pointer
		}
		pointer = strings.TrimPrefix(target, "#")
		node = d.root
		for part := range strings.SplitSeq(pointer[1:], "/") {
			node = node[strings.ReplaceAll(part, "~1", "/")].(object)
		}
	}
}

// operation finds the call of a request; what names it in the document; nil when there is no such address. Where the
// address does not take the method it is any of its calls.
func (d *described) operation(method, path string) (operation object, name string) {
	path, _, _ = strings.Cut(path, "?")
	if method == http.MethodHead {
		method = http.MethodGet
	}
	for template, item := range d.root["paths"].(object) {
		if !fits(template, path) {
			continue
		}
		for m, operation := range item.(object) {
			if strings.EqualFold(m, method) {
				return operation.(object), m + " " + template
			}
		}
		for m, operation := range item.(object) {
			return operation.(object), m + " " + template
		}
	}
	return nil, ""
}

func fits(template, path string) bool {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i, part := range want {
		if part != got[i] && (!strings.HasPrefix(part, "{") || got[i] == "") {
			return false
		}
	}
	return true
}

// checkAnswer says what an answer has that the document does not, or the other way around.
func (d *described) checkAnswer(r *http.Request, sent []byte, got reply) error {
	operation, name := d.operation(r.Method, r.URL.EscapedPath())
	if operation == nil {
		return d.checkBody(got.body, "/components/schemas/Problem")
	}
	pointer := "/paths/" + strings.NewReplacer("/", "~1").Replace(strings.SplitN(name, " ", 2)[1]) + "/" +
		strings.SplitN(name, " ", 2)[0] + "/responses/" + strconv.Itoa(got.status)
	described, ok := operation["responses"].(object)[strconv.Itoa(got.status)].(object)
	if !ok {
		return fmt.Errorf("%s does not answer %d:\n%.500s", name, got.status, got.body)
	}
	described, pointer = d.at(described, pointer)
	if err := d.checkHeader(described, got.header); err != nil {
		return fmt.Errorf("%s %d: %w", name, got.status, err)
	}
	if err := checkCode(described, got); err != nil {
		return fmt.Errorf("%s %d: %w", name, got.status, err)
	}
	d.note(name, got)
	content, ok := described["content"].(object)
	if !ok || r.Method == http.MethodHead {
		if got.body != "" {
			return fmt.Errorf("%s %d has a body", name, got.status)
		}
		return nil
	}
	kind := got.header.Get("Content-Type")
	if _, ok := content[kind]; !ok {
		return fmt.Errorf("%s %d is %q", name, got.status, kind)
	}
	if !strings.HasSuffix(kind, "json") {
		if got.body == "" {
			return fmt.Errorf("%s %d has no body", name, got.status)
		}
		return d.checkRequest(r, sent)
	}
	if err := d.checkBody(got.body, pointer+"/content/"+strings.ReplaceAll(kind, "/", "~1")+"/schema"); err != nil {
		return fmt.Errorf("%s %d: %w\n%.2000s", name, got.status, err, got.body)
	}
	if got.status < 300 {
		return d.checkRequest(r, sent)
	}
	return nil
}

func (d *described) checkBody(body, pointer string) error {
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
	if err != nil {
		return err
	}
	if err := d.fit(value, pointer); err != nil {
		return err
	}
	d.noteValues(value, object{"$ref": "#" + pointer}, "")
	return nil
}

func (d *described) fit(value any, pointer string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	schema, err := d.schemas.Compile("https://docket.test/openapi.json#" + pointer)
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// maxHeaders is how many headers an answer of the JSON interface has at most: Go makes the table of a ninth anew.
const maxHeaders = 8

// framing is the headers that HTTP itself has.
var framing = []string{"Date", "Content-Length", "Content-Type", "Connection", "Transfer-Encoding"}

func (d *described) checkHeader(described object, got http.Header) error {
	if got.Get("X-Consistency") == "" && got.Get("RateLimit") == "" && len(got) > maxHeaders {
		return fmt.Errorf("there are %d headers, want at most %d: %v", len(got), maxHeaders, got)
	}
	named, _ := described["headers"].(object)
	known := slices.Clone(framing)
	for name := range named {
		known = append(known, http.CanonicalHeaderKey(name))
	}
	for name := range got {
		if !slices.Contains(known, name) {
			return fmt.Errorf("the header %s is not described", name)
		}
	}
	for name, header := range named {
		header, pointer := d.at(header.(object), "")
		values := got.Values(name)
		if len(values) == 0 && header["required"] != true {
			continue
		}
		if len(values) != 1 {
			return fmt.Errorf("the header %s is there %d times", name, len(values))
		}
		var value any = values[0]
		if header["schema"].(object)["type"] == "integer" {
			value = json.Number(values[0])
		}
		if err := d.fit(value, pointer+"/schema"); err != nil {
			return fmt.Errorf("the header %s: %w", name, err)
		}
	}
	return nil
}

// checkRequest says why the document would not let a request pass that the server let pass.
func (d *described) checkRequest(r *http.Request, sent []byte) error {
	r = r.Clone(context.Background())
	r.Body = http.NoBody
	if sent != nil {
		r.Body = readCloser{bytes.NewReader(sent)}
	}
	route, parameters, err := d.router.FindRoute(r)
	if err != nil {
		if r.Method == http.MethodHead {
			return nil
		}
		return err
	}
	d.noteRequest(r, sent)
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(withoutBlanks(r, sent))), nil }
	return openapi3filter.ValidateRequest(context.Background(), &openapi3filter.RequestValidationInput{
		Request: r, PathParams: parameters, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	})
}

// withoutBlanks is a body of JSON without the answers that are empty texts, which count as none.
func withoutBlanks(r *http.Request, sent []byte) []byte {
	var body map[string]any
	if r.Header.Get("Content-Type") != "application/json" || json.Unmarshal(sent, &body) != nil || body["extra"] == nil {
		return sent
	}
	removeBlanks(body["extra"])
	sent, _ = json.Marshal(body) // it was JSON to begin with
	return sent
}

func removeBlanks(value any) {
	switch value := value.(type) {
	case map[string]any:
		for name, inside := range value {
			if text, ok := inside.(string); ok && strings.TrimSpace(text) == "" {
				delete(value, name)
			}
			removeBlanks(inside)
		}
	case []any:
		for _, inside := range value {
			removeBlanks(inside)
		}
	}
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

// note remembers that an answer was seen. That a method is not taken is an answer to no call, so it is one of each.
func (d *described) note(name string, got reply) {
	var problem struct{ Code string }
	_ = json.Unmarshal([]byte(got.body), &problem) // what has no code has an empty one
	d.mu.Lock()
	defer d.mu.Unlock()
	method, path, _ := strings.Cut(name, " ")
	for m := range d.root["paths"].(object)[path].(object) {
		if m == method || got.status == http.StatusMethodNotAllowed {
			d.seen[seen(m, path, strconv.Itoa(got.status), problem.Code)] = true
		}
	}
}

func seen(method, path, status, code string) string {
	return strings.TrimSpace(method + " " + path + " " + status + " " + code)
}

// unseen lists every answer that the document names and that was not seen.
func (d *described) unseen() []string {
	var missing []string
	for path, item := range d.root["paths"].(object) {
		for method, operation := range item.(object) {
			for status, response := range operation.(object)["responses"].(object) {
				response, _ := d.at(response.(object), "")
				for _, code := range codesOf(response) {
					if !d.seen[seen(method, path, status, code)] {
						missing = append(missing, seen(method, path, status, code))
					}
				}
			}
		}
	}
	slices.Sort(missing)
	return missing
}

// checkCode says why a problem is not one of those that a response can have.
func checkCode(response object, got reply) error {
	codes := codesOf(response)
	if codes[0] == "" || got.body == "" {
		return nil
	}
	var p problemSeen
	if err := json.Unmarshal([]byte(got.body), &p); err != nil {
		return err
	}
	if !slices.Contains(codes, p.Code) || (p.Code == "invalid") != (len(p.Errors) > 0) {
		return fmt.Errorf("the problem is %s with %d errors, which is none of %v", p.Code, len(p.Errors), codes)
	}
	return nil
}

// codesOf lists the codes that a response can have; one empty code when it is no error.
func codesOf(response object) []string {
	listed, _ := response["x-codes"].([]any)
	if listed == nil {
		return []string{""}
	}
	var codes []string
	for _, code := range listed {
		codes = append(codes, code.(string))
	}
	return codes
}
