package web_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testpicture"
	"docket/web"
)

// noteValues remembers each value of an enumeration that stands in a value, by where the enumeration stands in the document.
func (d *described) noteValues(value any, schema object, pointer string) {
	schema, pointer = d.at(schema, pointer)
	if _, listed := schema["enum"]; listed {
		d.mu.Lock()
		d.values[fmt.Sprint(pointer, " ", value)] = true
		d.mu.Unlock()
	}
	for _, kind := range []string{"allOf", "anyOf", "oneOf"} {
		each, _ := schema[kind].([]any)
		for i, one := range each {
			if at := pointer + "/" + kind + "/" + strconv.Itoa(i); d.fitsOne(value, one.(object), at) {
				d.noteValues(value, one.(object), at)
			}
		}
	}
	switch value := value.(type) {
	case object:
		properties, _ := schema["properties"].(object)
		for name, member := range value {
			if property, ok := properties[name].(object); ok {
				d.noteValues(member, property, pointer+"/properties/"+name)
			} else if rest, ok := schema["additionalProperties"].(object); ok {
				d.noteValues(member, rest, pointer+"/additionalProperties")
			}
		}
	case []any:
		items, ok := schema["items"].(object)
		for _, item := range value {
			if ok {
				d.noteValues(item, items, pointer+"/items")
			}
		}
	}
}

// fitsOne reports whether a value is of one of several schemas.
func (d *described) fitsOne(value any, schema object, pointer string) bool {
	_, pointer = d.at(schema, pointer)
	return d.fit(value, pointer) == nil
}

// noteRequest remembers the values of enumerations in a request that was accepted.
func (d *described) noteRequest(r *http.Request, sent []byte) {
	operation, _ := d.operation(r.Method, r.URL.EscapedPath())
	parameters, _ := operation["parameters"].([]any)
	for _, one := range parameters {
		parameter, pointer := d.at(one.(object), "")
		if given := r.URL.Query().Get(parameter["name"].(string)); given != "" && parameter["in"] == "query" {
			d.noteValues(given, parameter["schema"].(object), pointer+"/schema")
		}
	}
	body, ok := operation["requestBody"].(object)
	if !ok {
		return
	}
	if content, ok := body["content"].(object)["application/json"].(object); ok {
		if value, err := jsonschema.UnmarshalJSON(bytes.NewReader(sent)); err == nil {
			d.noteValues(value, content["schema"].(object), "")
		}
	}
}

// unseenValues lists every value of an enumeration that no answer and no accepted request had. What the form asks is not of
// the interface.
func (d *described) unseenValues() (missing []string) {
	components := d.root["components"].(object)
	var walk func(node any, pointer string)
	walk = func(node any, pointer string) {
		switch node := node.(type) {
		case object:
			values, _ := node["enum"].([]any)
			for _, value := range values {
				if !d.values[fmt.Sprint(pointer, " ", value)] {
					missing = append(missing, fmt.Sprint(pointer, " ", value))
				}
			}
			for name, inner := range node {
				walk(inner, pointer+"/"+name)
			}
		case []any:
			for i, inner := range node {
				walk(inner, pointer+"/"+strconv.Itoa(i))
			}
		}
	}
	for name, schema := range components["schemas"].(object) {
		if name != "Extra" {
			walk(schema, "/components/schemas/"+name)
		}
	}
	walk(components["parameters"], "/components/parameters")
	slices.Sort(missing)
	return missing
}

// everyType is a form with a field of every type, and what a field of it can refuse.
const everyType = `
name: every
title: Every type
open_tickets_per_user: many
fields:
  - {name: text, label: Text, min_length: 3, max_length: 5, pattern: "[a-z]+", pattern_hint: Small letters}
  - {name: must, label: Must, required: true}
  - {name: mail, label: Mail, type: email}
  - {name: phone, label: Phone, type: tel}
  - {name: amount, label: Amount, type: number, min: 1, max: 10, decimals: 1}
  - {name: day, label: Day, type: date, min: 2020-01-01, max: 2020-12-31}
  - {name: pick, label: Pick, type: choice, options: [{value: a, label: A}, {value: b, label: B}]}
  - {name: several, label: Several, type: multi_choice, min: 2, max: 2, options: [{value: a, label: A}, {value: b, label: B}, {value: c, label: C}]}
  - {name: account, label: Account, type: iban}
  - {name: site, label: Site, type: url}
  - {name: more, label: More, when: pick == 'a'}
  - {name: zone, label: Zone, type: mrz, block: [check_digits]}
  - {name: strict, label: Strict, type: image, block: [blurry, dark, glare, grey]}
  - {name: paper, label: Paper, type: file}
  - {name: opens, label: Opens, type: time}
checks:
  - {when: more == 'no' && pick == 'a', fields: [more], text: Something else.}
`

// answersRefused is for each code of a problem with an answer one answer that has it.
var answersRefused = map[string]string{
	form.CodeRequired:        `"must":""`,
	form.CodeTooShort:        `"text":"ab"`,
	form.CodeTooLong:         `"text":"abcdefgh"`,
	form.CodePattern:         `"text":"ABCD"`,
	form.CodeNotATime:        `"opens":"25:00"`,
	form.CodeNotADate:        `"day":"yesterday"`,
	form.CodeTooEarly:        `"day":"2019-12-31"`,
	form.CodeTooLate:         `"day":"2021-01-01"`,
	form.CodeNotAnOption:     `"pick":"c"`,
	form.CodeNotANumber:      `"amount":1e30`,
	form.CodeTooSmall:        `"amount":0.5`,
	form.CodeTooLarge:        `"amount":11`,
	form.CodeTooManyDecimals: `"amount":1.25`,
	form.CodeBadEmail:        `"mail":"nobody"`,
	form.CodeBadTel:          `"phone":"x"`,
	form.CodeBadCharacters:   `"must":"a\ue000b"`,
	form.CodeNotAFile:        `"paper":"x"`,
	form.CodeNotAnMRZ:        `"zone":"x"`,
	form.CodeCheckDigits:     `"zone":"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C46UTO7408122F1204159ZE184226B<<<<<10"`,
	form.CodeTooFew:          `"several":["a"]`,
	form.CodeTooMany:         `"several":["a","b","c"]`,
	form.CodeBadIBAN:         `"account":"DE00"`,
	form.CodeBadURL:          `"site":"example"`,
	form.CodeCheckFailed:     `"pick":"a","more":"no"`,
	form.CodeNotApplicable:   `"pick":"b","more":"x"`,
	form.CodeWrongType:       `"text":1`,
	form.CodeUnknownField:    `"bogus":1`,
}

// everyAnswerRefused drives an answer into each code of a problem.
func everyAnswerRefused(t *testing.T, at program) {
	for code, answer := range answersRefused {
		extra := `"must":"x",` + answer
		if strings.HasPrefix(answer, `"must"`) {
			extra = answer
		}
		got := at.post("/api/v1/tickets", `{"user_id":"u","extra":{`+extra+`}}`, "Idempotency-Key", uuid.NewString())
		if !strings.Contains(got.body, `"code":"`+code+`"`) {
			t.Errorf("%s is answered by %.300s, want %s", answer, got.body, code)
		}
	}
}

// everyFileRefused drives a file into each code of a refusal.
func everyFileRefused(t *testing.T, at program) {
	send := func(field string, data []byte) {
		at.send("POST", "/api/v1/files?user_id=u&field="+field, string(data), "Content-Type", "image/jpeg").want(t, 422)
	}
	tried := map[string]bool{"file_too_large": true} // which is 413
	for _, hostile := range testpicture.Hostile() {
		if !tried[hostile.Want] {
			tried[hostile.Want] = true
			send("strict", hostile.Data)
		}
	}
	send("paper", photo())
	for warning, data := range spoiltPhotos() {
		if warning != "small" && warning != "overexposed" { // no field refuses for them
			send("strict", data)
		}
	}
}

// spoiltPhotos is one photo for each warning.
func spoiltPhotos() map[string][]byte {
	front := testpicture.Front(testpicture.Anna, 1200)
	return map[string][]byte{
		"blurry":      testpicture.JPEG(testpicture.Blurred(front, 0.01), 85),
		"dark":        testpicture.JPEG(testpicture.Brightened(front, 0.2), 85),
		"glare":       testpicture.JPEG(testpicture.WithGlare(front, 0.6, 0.5, 0.06), 85),
		"overexposed": testpicture.JPEG(testpicture.Brightened(front, 1.4), 85),
		"small":       testpicture.JPEG(testpicture.Front(testpicture.Anna, 900), 85),
		"grey":        testpicture.JPEG(testpicture.Greyscale(front), 85),
	}
}

// everyValue drives every value of every enumeration that the answers of a call do not have already.
func everyValue(t *testing.T, all program) {
	for _, status := range []string{"processing", "approved", "rejected", "withdrawn", "revoked"} {
		all.get("/api/v1/tickets?status="+status).want(t, 200)
	}
	for _, sort := range []string{"oldest", "newest"} {
		all.get("/api/v1/tickets?sort="+sort).want(t, 200)
	}
	for _, field := range formfile.Default().Uploads() {
		for warning, data := range spoiltPhotos() {
			all.send("POST", "/api/v1/files?user_id=u-"+warning+"&field="+field, string(data), "Content-Type", "image/jpeg").want(t, 201, warning)
		}
	}
	for i, reason := range formfile.Default().Reasons {
		for _, body := range []string{`"reason":` + quoted(reason.Code), `"reasons":[` + quoted(reason.Code) + `]`} {
			ticket := all.submit(fmt.Sprintf("u-%d-%.7s", i, body[1:]), uuid.NewString())
			class := string(reason.Class)
			if class == "choose" {
				class = "final"
			}
			all.post("/api/v1/tickets/"+ticket.ID+"/decision", `{"decision":"reject","version":1,"class":`+quoted(class)+`,"comment":"Write again.",`+body+`}`).want(t, 200)
		}
	}
	open := all.submit("u-open", "open").ID
	all.post("/api/v1/tickets", submission("u-open"), "Idempotency-Key", "again").refuses(t, 409, "open_ticket_exists")
	yes := all.submit("u-yes", "yes").ID
	all.post("/api/v1/tickets/"+yes+"/decision", `{"decision":"approve","version":1}`).want(t, 200)
	all.post("/api/v1/tickets/"+yes+"/decision", `{"decision":"reject","version":1,"reason":"underage"}`).refuses(t, 409, "already_decided")
	all.get("/api/v1/users/u-yes/latest-ticket").want(t, 200)
	for status := range map[string]bool{"approved": true, "rejected": true} {
		for _, ticket := range read[listSeen](t, all.get("/api/v1/tickets?limit=1&status="+status)).Items {
			all.get("/api/v1/tickets/"+ticket.ID).want(t, 200)
		}
	}
	all.get("/api/v1/tickets?bogus=1").want(t, 422, "unknown_parameter")
	all.post("/api/v1/tickets/"+open+"/decision", `{"decision":"approve","version":1,"reason":"other"}`).refuses(t, 422, "invalid", "reason unexpected")
	all.post("/api/v1/tickets", `{"user_id":"","extra":{}}`, "Idempotency-Key", "x").want(t, 422, "bad_user_id")
	all.get("/api/v1/tickets?limit=0&from=x&cursor=x").want(t, 422, "bad_limit", "bad_time", "bad_cursor")
	all.get("/api/v1/events?wait=-1").want(t, 422, "bad_wait")
	all.get("/api/v1/tickets?status=open&status=open").want(t, 422, form.CodeGivenTwice)
}

func TestOpenAPI_EveryEnumValueIsAnswered(t *testing.T) {
	t.Parallel()
	s := start(t)
	made := programs(t, s)
	all := made("all", account.Scopes...)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	withdrawn := customer.submit(someID)
	customer.post("/tickets/"+withdrawn+"/withdraw", nil).want(t, 303)
	all.get("/api/v1/tickets/"+withdrawn).want(t, 200, "withdrawn")
	execute(t, s, "SELECT erase_tickets(ARRAY[$1::uuid], 'retention', 'retention')", withdrawn)
	all.get("/api/v1/tickets/"+withdrawn).want(t, 200, "erased")
	admin, _ := signedIn(t, s, "admin", account.Admin)
	taken := all.submit("u-taken", "taken").ID
	all.post("/api/v1/tickets/"+taken+"/decision", `{"decision":"approve","version":1}`).want(t, 200)
	admin.post("/review/"+taken+"/revoke", url.Values{"version": {"2"}, "reason": {"other"}}).want(t, 303)
	all.get("/api/v1/tickets/"+taken).want(t, 200, "revoked")
	stepped := all.submit("u-step", "step").ID
	execute(t, s, "INSERT INTO approval_steps (user_id, ticket_id, step, turn, name, key, since_ms) SELECT 'u-step', $1, n, n, 'step-' || n, 'all', CASE n WHEN 1 THEN now_ms() END FROM generate_series(1, 2) n", stepped)
	all.post("/api/v1/tickets/"+stepped+"/decision", `{"decision":"approve","version":1}`).want(t, 200, `"status":"processing"`)
	all.get("/api/v1/tickets/"+stepped).want(t, 200, "step_approved")
	everyValue(t, all)
	all.get("/api/v1/tickets/"+endedApproval(t, s)).want(t, 200, `"kind":"expired"`)
	execute(t, s, "SELECT erase_user('u-open', 'cli', 'request')")
	all.get("/api/v1/events?limit=1000").want(t, 200)
	all.sendsPhoto("u-photo")
	everyValueOfWebhooks(t, s, all)
	documents := programs(t, photos(t))("documents", account.Scopes...)
	documents.send("POST", "/api/v1/files?user_id=u&field=deed", string(document()), "Content-Type", "application/pdf").want(t, 201)
	maps.Copy(all.doc.values, documents.doc.values)
	every, err := formfile.Parse([]byte(everyType))
	if err != nil {
		t.Fatal(err)
	}
	special := all.at(beside(t, s, func(c *web.Config) { c.Form = every }))
	everyAnswerRefused(t, special)
	everyFileRefused(t, special)
	for _, missing := range all.doc.unseenValues() {
		seenElsewhere := strings.HasPrefix(missing, "/components/schemas/ProblemCode ")    // the test of all answers sees to these
		if !seenElsewhere && missing != "/components/schemas/EventType approval.expired" { // it has no source yet
			t.Errorf("no answer and no request has %s", missing)
		}
	}
}
