package form_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"docket/internal/form"
)

// drawn is one answer as a page sends it, by the names of its inputs behind that of the field, and as JSON.
type drawn struct {
	page form.Input
	json string
}

func text(s string) drawn { return drawn{form.Input{"": {s}}, fmt.Sprintf("%q", s)} }

// set puts an answer into what a page sends, in place of another.
func (d drawn) set(given form.Input, name string) {
	maps.DeleteFunc(given, func(other string, _ []string) bool { return other == name || strings.HasPrefix(other, name+".") })
	for inside, texts := range d.page {
		given[name+inside] = texts
	}
}

// question is a field of a form, with answers that are taken, another one for each row of a group, and one that is refused.
type question struct {
	keys string
	good func(row int) drawn
	bad  drawn
}

// always is the same answer in each row.
func always(d drawn) func(int) drawn { return func(int) drawn { return d } }

// fieldTypes are what a field can be outside of a group, and in one.
var fieldTypes = []string{
	"text", "long_text", "pattern", "number", "decimals", "date", "choice", "multi_choice", "country", "checkbox", "email", "tel", "url", "iban", "time",
	"datetime", "money", "address", "image", "file", "files",
}

// drawQuestion draws a field of any type.
func drawQuestion(t *rapid.T) question {
	if rapid.IntRange(0, 3).Draw(t, "group") == 0 {
		return drawGroup(t)
	}
	return drawField(t)
}

// drawField draws a field of any type but a group.
func drawField(t *rapid.T) question {
	low, size := rapid.IntRange(0, 50).Draw(t, "low"), rapid.IntRange(0, 50).Draw(t, "size")
	inside := low + rapid.IntRange(0, size).Draw(t, "inside")
	switch rapid.SampledFrom(fieldTypes).Draw(t, "type") {
	case "long_text":
		return question{fmt.Sprintf("type: long_text, max_length: %d", low+1), always(text(strings.Repeat("ä", low/2+1))), text(strings.Repeat("ä", low+2))}
	case "pattern":
		return question{fmt.Sprintf(`pattern: "[a-c]{%d}"`, low+1), always(text(strings.Repeat("b", low+1))), text(strings.Repeat("b", low) + "x")}
	case "number":
		bad := rapid.SampledFrom([]int{low - 1, low + size + 1}).Draw(t, "outside")
		return question{fmt.Sprintf("type: number, min: %d, max: %d", low, low+size), always(number(inside)), number(bad)}
	case "decimals":
		good, bad := fmt.Sprintf("%d.25", low), fmt.Sprintf("%d.255", low)
		return question{"type: number, decimals: 2", always(drawn{form.Input{"": {good}}, good}), drawn{form.Input{"": {bad}}, bad}}
	case "date":
		return question{"type: date", always(text(fmt.Sprintf("20%02d-02-28", low))), text(fmt.Sprintf("20%02d-02-30", low))}
	case "choice":
		return question{"type: choice, options: " + drawOptions(size+1), always(text(fmt.Sprintf("o%d", rapid.IntRange(0, size).Draw(t, "option")))), text("none")}
	case "multi_choice":
		return question{"type: multi_choice, options: " + drawOptions(size+2), always(texts("o0", "o1")), texts("o0", "none")}
	case "country":
		return question{"type: country", always(text("VNM")), text("XYZ")}
	case "checkbox":
		return question{"type: checkbox, required: true", always(drawn{form.Input{"": {"on"}}, "true"}), drawn{nil, "false"}}
	case "email":
		return question{"type: email", always(text(fmt.Sprintf("a%d@example.org", low))), text(fmt.Sprintf("a%d", low))}
	case "tel":
		return question{"type: tel", always(text("+84 24 3825 1234")), text("call me")}
	case "url":
		return question{"type: url", always(text(fmt.Sprintf("https://example.org/%d", low))), text("ftp://example.org")}
	case "iban":
		return question{"type: iban", always(text("DE89370400440532013000")), text("89 DE 3704")}
	case "time":
		return question{"type: time", always(text(fmt.Sprintf("08:%02d", low))), text("24:00")}
	case "datetime":
		return question{"type: datetime", always(text(fmt.Sprintf("20%02d-02-28T08:%02d:00Z", low, low))), text(fmt.Sprintf("20%02d-02-30T08:00:00Z", low))}
	case "money":
		return question{fmt.Sprintf("type: money, currency: EUR, min: %d", low+1), always(euros(low+1, size)), euros(low, size)}
	case "address":
		return question{"type: address, required_parts: [city, country]", always(addressIn("VNM")), addressIn("XYZ")}
	case "image":
		return question{"type: image", drawFile, text("a photo")}
	case "file":
		return question{"type: file, accept: [pdf, image]", drawFile, text("a file")}
	case "files":
		return question{"type: file, many: 3", func(row int) drawn { return texts(fileID(2*row), fileID(2*row+1)) }, texts(fileID(0), "a file")}
	}
	return question{fmt.Sprintf("min_length: %d, max_length: %d", low+1, low+size+1), always(text(strings.Repeat("x", inside+1))), text(strings.Repeat("x", low+size+2))}
}

// drawGroup draws a group of one to three fields beside a name, with as many rows. Refused is a row less than there must be, or one
// answer in a row.
func drawGroup(t *rapid.T) question {
	cells := rapid.SliceOfN(rapid.Custom(drawField), 1, 3).Draw(t, "cells")
	rows := rapid.IntRange(1, 3).Draw(t, "rows")
	wrongRow := rapid.IntRange(-1, rows-1).Draw(t, "wrong row")
	fields := "{name: title, label: T, required: true}"
	for i, cell := range cells {
		fields += fmt.Sprintf(", {name: c%d, label: C, %s}", i, cell.keys)
	}
	return question{
		fmt.Sprintf("type: group, many: 4, min: %d, fields: [%s]", rows, fields), always(drawRows(cells, rows, -1)),
		drawRows(cells, max(rows-map[bool]int{true: 1}[wrongRow < 0], 0), wrongRow),
	}
}

// drawRows are rows with answers that are taken, but for the first field in one of them.
func drawRows(cells []question, rows, wrong int) drawn {
	d, objects := drawn{page: form.Input{"": {}}}, []string{}
	for row := range rows {
		slot := 3 - row // the slots of a page need not follow each other
		d.page.Add("", fmt.Sprint(slot))
		d.page[fmt.Sprintf(".%d.title", slot)] = []string{"T"}
		object := `"title":"T"`
		for i, cell := range cells {
			answer := cell.good(row)
			if i == 0 && row == wrong {
				answer = cell.bad
			}
			answer.set(d.page, fmt.Sprintf(".%d.c%d", slot, i))
			object += fmt.Sprintf(`,"c%d":%s`, i, answer.json)
		}
		objects = append(objects, "{"+object+"}")
	}
	d.json = "[" + strings.Join(objects, ",") + "]"
	return d
}

func number(n int) drawn { return drawn{form.Input{"": {fmt.Sprint(n)}}, fmt.Sprint(n)} }

func texts(several ...string) drawn {
	list, _ := json.Marshal(several) // strings always marshal
	return drawn{form.Input{"": several}, string(list)}
}

func euros(whole, cents int) drawn {
	return drawn{form.Input{"": {fmt.Sprintf("%d.%02d", whole, cents)}}, fmt.Sprintf(`{"amount":%d,"currency":"EUR"}`, 100*whole+cents)}
}

func addressIn(country string) drawn {
	return drawn{form.Input{".city": {"Hanoi"}, ".country": {country}}, fmt.Sprintf(`{"city":"Hanoi","country":%q}`, country)}
}

// fileID is the id of a file, another one for each number.
func fileID(n int) string { return fmt.Sprintf("0199c1f0-7b1e-7cc3-9a55-0d0f4e1f6a%02d", n) }

func drawFile(row int) drawn { return text(fileID(row)) }

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
				q.good(0).set(given, fmt.Sprintf("f%d", i))
				members = append(members, fmt.Sprintf(`"f%d":%s`, i, q.good(0).json))
			}
		}
		f := parse(t, src)
		compiled := schema(t, f)
		if codes := refusals(t, f, compiled, given, members); codes != [3]string{} {
			r.Fatalf("a valid answer is refused by %q in\n%s%v", codes, src, members)
		}
		questions[0].bad.set(given, "f0")
		members[1] = `"f0":` + questions[0].bad.json
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
	sent := maps.Clone(given)
	f.Fold(sent)
	_, byPage := f.Check(sent, noon)
	_, byJSON := checkJSON(f, json.RawMessage(object))
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(object))
	if err != nil {
		t.Fatal(err)
	}
	for i, refused := range []error{byPage, byJSON} {
		if invalid, ok := errors.AsType[form.Invalid](refused); ok {
			for _, name := range slices.Sorted(maps.Keys(invalid)) {
				place := name
				if i == 0 {
					place = inPlace(name, given)
				}
				codes[i] += place + " " + invalid[name].Code + ";"
			}
		}
	}
	if compiled.Validate(value) != nil {
		codes[2] = "refused"
	}
	return codes
}

// inPlace is the name of an input with the place of its row in that of the slot, as the JSON interface names it.
func inPlace(name string, given form.Input) string {
	parts := strings.SplitN(name, ".", 3)
	if place := slices.Index(given[parts[0]], parts[min(1, len(parts)-1)]); len(parts) == 3 && place >= 0 {
		parts[1] = fmt.Sprint(place)
	}
	return strings.Join(parts, ".")
}
