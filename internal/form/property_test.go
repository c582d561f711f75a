package form_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"docket/internal/form"
)

// drawn is one answer as a page sends it, and as JSON.
type drawn struct {
	page []string
	json string
}

func text(s string) drawn { return drawn{[]string{s}, fmt.Sprintf("%q", s)} }

// question is a field of a form, with an answer that is taken and one that is refused.
type question struct {
	keys      string
	good, bad drawn
}

// drawQuestion draws a field of any type that a text or several make an answer to.
func drawQuestion(t *rapid.T) question {
	low, size := rapid.IntRange(0, 50).Draw(t, "low"), rapid.IntRange(0, 50).Draw(t, "size")
	inside := low + rapid.IntRange(0, size).Draw(t, "inside")
	switch rapid.SampledFrom([]string{"text", "long_text", "pattern", "number", "decimals", "date", "choice", "multi_choice", "country", "checkbox", "email", "tel", "url", "iban", "time"}).Draw(t, "type") {
	case "long_text":
		return question{fmt.Sprintf("type: long_text, max_length: %d", low+1), text(strings.Repeat("ä", low/2+1)), text(strings.Repeat("ä", low+2))}
	case "pattern":
		return question{fmt.Sprintf(`pattern: "[a-c]{%d}"`, low+1), text(strings.Repeat("b", low+1)), text(strings.Repeat("b", low) + "x")}
	case "number":
		bad := rapid.SampledFrom([]int{low - 1, low + size + 1}).Draw(t, "outside")
		return question{fmt.Sprintf("type: number, min: %d, max: %d", low, low+size), number(inside), number(bad)}
	case "decimals":
		return question{"type: number, decimals: 2", drawn{[]string{fmt.Sprintf("%d.25", low)}, fmt.Sprintf("%d.25", low)}, drawn{[]string{fmt.Sprintf("%d.255", low)}, fmt.Sprintf("%d.255", low)}}
	case "date":
		return question{"type: date", text(fmt.Sprintf("20%02d-02-28", low)), text(fmt.Sprintf("20%02d-02-30", low))}
	case "choice":
		return question{"type: choice, options: " + drawOptions(size+1), text(fmt.Sprintf("o%d", rapid.IntRange(0, size).Draw(t, "option"))), text("none")}
	case "multi_choice":
		return question{"type: multi_choice, options: " + drawOptions(size+2), drawn{[]string{"o0", "o1"}, `["o0","o1"]`}, drawn{[]string{"o0", "none"}, `["o0","none"]`}}
	case "country":
		return question{"type: country", text("VNM"), text("XYZ")}
	case "checkbox":
		return question{"type: checkbox, required: true", drawn{[]string{"on"}, "true"}, drawn{nil, "false"}}
	case "email":
		return question{"type: email", text(fmt.Sprintf("a%d@example.org", low)), text(fmt.Sprintf("a%d", low))}
	case "tel":
		return question{"type: tel", text("+84 24 3825 1234"), text("call me")}
	case "url":
		return question{"type: url", text(fmt.Sprintf("https://example.org/%d", low)), text("ftp://example.org")}
	case "iban":
		return question{"type: iban", text("DE89370400440532013000"), text("89 DE 3704")}
	case "time":
		return question{"type: time", text(fmt.Sprintf("08:%02d", low)), text("24:00")}
	}
	return question{fmt.Sprintf("min_length: %d, max_length: %d", low+1, low+size+1), text(strings.Repeat("x", inside+1)), text(strings.Repeat("x", low+size+2))}
}

func number(n int) drawn { return drawn{[]string{fmt.Sprint(n)}, fmt.Sprint(n)} }

func drawOptions(n int) string {
	options := make([]string, n)
	for i := range options {
		options[i] = fmt.Sprintf("{value: o%d, label: O}", i)
	}
	return "[" + strings.Join(options, ", ") + "]"
}

// TestProperty_PageJSONAndSchemaAgree draws forms. Answers that fit are taken by the page, the JSON interface and the JSON Schema; with one
// that does not fit all three refuse them, and the page and the JSON interface name the same field with the same code.
func TestProperty_PageJSONAndSchemaAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		questions := rapid.SliceOfN(rapid.Custom(drawQuestion), 1, 6).Draw(r, "questions")
		applies := rapid.SampledFrom([]string{"yes", "no"}).Draw(r, "applies")
		src := "name: x\ntitle: X\nfields:\n  - {name: gate, label: G, type: choice, required: true, options: [{value: 'yes', label: Yes}, {value: 'no', label: No}]}\n"
		given, members := form.Input{"gate": {applies}}, []string{fmt.Sprintf(`"gate":%q`, applies)}
		for i, q := range questions {
			conditional := i > 0 && rapid.Bool().Draw(r, "conditional")
			src += fmt.Sprintf("  - {name: f%d, label: F, %s%s}\n", i, q.keys, map[bool]string{true: ", when: gate == 'yes'"}[conditional])
			if !conditional || applies == "yes" {
				given[fmt.Sprintf("f%d", i)] = q.good.page
				members = append(members, fmt.Sprintf(`"f%d":%s`, i, q.good.json))
			}
		}
		f := parse(t, src)
		compiled := schema(t, f)
		if codes := refusals(t, f, compiled, given, members); codes != [3]string{} {
			r.Fatalf("a valid answer is refused by %q in\n%s%v", codes, src, members)
		}
		given["f0"], members[1] = questions[0].bad.page, `"f0":`+questions[0].bad.json
		codes := refusals(t, f, compiled, given, members)
		if codes[0] == "" || codes[0] != codes[1] || codes[2] == "" {
			r.Fatalf("the page says %q, the JSON interface %q, the schema %q in\n%s%v", codes[0], codes[1], codes[2], src, members)
		}
	})
}

// refusals are the codes with which the page, the JSON interface and the schema refuse answers to f0, or others; "" when they take them.
func refusals(t *testing.T, f *form.Form, compiled *jsonschema.Schema, given form.Input, members []string) (codes [3]string) {
	t.Helper()
	object := "{" + strings.Join(members, ",") + "}"
	_, byPage := f.Check(given, noon)
	_, byJSON := checkJSON(f, json.RawMessage(object))
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(object))
	if err != nil {
		t.Fatal(err)
	}
	for i, refused := range []error{byPage, byJSON} {
		if invalid, ok := errors.AsType[form.Invalid](refused); ok {
			for name, problem := range invalid {
				codes[i] += name + " " + string(problem.Code)
			}
		}
	}
	if compiled.Validate(value) != nil {
		codes[2] = "refused"
	}
	return codes
}
