package form_test

import (
	"encoding/json"
	"strings"
	"testing"

	"docket/internal/form"
	"docket/internal/form/formfile"
)

const everyType = head + `sections:
  - title: Words
    fields:
      - {name: t, label: T}
      - {name: n, label: N, type: number, decimals: 2}
  - title: Others
    fields:
      - {name: d, label: D, type: date}
      - {name: c, label: C, type: choice, options: [{value: a1, label: One}]}
      - {name: o, label: O, type: country}
      - {name: x, label: X, type: checkbox}
`

// lines writes what is shown, one line for each section and row.
func lines(shown []form.ShownSection) string {
	var b strings.Builder
	for _, section := range shown {
		b.WriteString("[" + section.Title + "]")
		for _, row := range section.Rows {
			b.WriteString(" " + row.Field.Label + "=" + row.Text)
		}
	}
	return b.String()
}

func TestShow(t *testing.T) {
	t.Parallel()
	f := parse(t, everyType)
	tests := map[string]struct{ extra, want string }{
		"all": {
			`{"t":"<b>","n":0.10,"d":"1990-01-31","c":"a1","o":"VNM","x":true}`,
			"[Words] T=<b> N=0.10[Others] D=31 January 1990 C=One O=Vietnam (VNM) X=Yes",
		},
		"none":               {`{}`, "[Words] T= N=[Others] D= C= O= X="},
		"nothing kept":       {``, "[Words] T= N=[Others] D= C= O= X="},
		"null":               {`null`, "[Words] T= N=[Others] D= C= O= X="},
		"unticked":           {`{"x":false}`, "[Words] T= N=[Others] D= C= O= X=No"},
		"no longer possible": {`{"d":"soon","c":"a9","o":"SUN","x":3}`, "[Words] T= N=[Others] D=soon C=a9 O=SUN X=3"},
		"no longer asked":    {`{"z":"1","<y>":{"a": [1, null]}}`, `[Words] T= N=[Others] D= C= O= X=[] <y>={"a":[1,null]} z=1`},
		"other kinds":        {`{"t":["a"],"n":"x","d":null}`, `[Words] T=["a"] N=x[Others] D= C= O= X=`},
		"no object":          {`[1, 2]`, `[Words] T= N=[Others] D= C= O= X=[] extra=[1,2]`},
		"no JSON":            {`{"t":`, `[Words] T= N=[Others] D= C= O= X=[] extra={"t":`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := lines(f.Show(json.RawMessage(test.extra))); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestShow_Files(t *testing.T) {
	t.Parallel()
	f := parse(t, head+"fields: [{name: p, label: P, type: image}, {name: d, label: D, type: file}, {name: t, label: T}]\nlist: [d]\n")
	extra := json.RawMessage(`{"p":"` + photo + `","d":"` + photo + `","t":"` + photo + `"}`)
	if got, want := lines(f.Show(extra)), "[] P=Picture D=Document T="+photo; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for i, want := range []string{photo, photo, ""} {
		if got := f.Show(extra)[0].Rows[i].File; got != want {
			t.Errorf("row %d: got the file %q, want %q", i, got, want)
		}
	}
	if got := f.Show(json.RawMessage(`{"p":"../x","d":3}`))[0].Rows; got[0].File != "" || got[1].File != "" || got[0].Text != "../x" {
		t.Errorf("got %v for what is no file", got)
	}
	if got := f.Summary(extra); got != "Document" {
		t.Errorf("got the summary %q", got)
	}
	if got := f.InputFromAnswers(extra).Text("p"); got != photo {
		t.Errorf("got the value %q, want the id", got)
	}
}

func TestShow_InapplicableFields(t *testing.T) {
	t.Parallel()
	f := parse(t, trip)
	for extra, want := range map[string]string{
		`{"by":"car"}`:                     "[] By=Car Plate= Born= Cost= Receipt= Signed=",
		`{"by":"car","visa":"V1"}`:         "[] By=Car Visa=V1 Plate= Born= Cost= Receipt= Signed=",
		`{"by":"plane","far":false}`:       "[] By=Plane Far=No Born= Cost= Receipt= Signed=",
		`{"born":"2020-01-01","by":[1,2]}`: "[] By=[1,2] Born=1 January 2020 Cost= Receipt= Signed=",
	} {
		if got := lines(f.Show(json.RawMessage(extra))); got != want {
			t.Errorf("%s: got %s, want %s", extra, got, want)
		}
	}
	parts := parse(t, head+"sections:\n  - {title: A, fields: [{name: a, label: A, type: checkbox}]}\n  - {title: B, when: a, fields: [{name: b, label: B}]}\n")
	if got, want := lines(parts.Show(nil)), "[A] A="; got != want {
		t.Errorf("a section that does not apply: got %s, want %s", got, want)
	}
}

func TestRefill(t *testing.T) {
	t.Parallel()
	got := parse(t, everyType).InputFromAnswers(json.RawMessage(`{"t":"é","n":0.10,"d":"1990-01-31","c":"a1","o":"VNM","x":true,"z":"1"}`))
	want := map[string]string{"t": "é", "n": "0.10", "d": "1990-01-31", "c": "a1", "o": "VNM", "x": "true"}
	if len(got) != len(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for name, value := range want {
		if got.Text(name) != value {
			t.Errorf("%s: got %q, want %q", name, got[name], value)
		}
	}
	if got := parse(t, everyType).InputFromAnswers(json.RawMessage(`{"t":"","x":false}`)); len(got) != 0 {
		t.Errorf("got %v, want nothing", got)
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	f := parse(t, everyType+"list: [t, c, o]\n")
	tests := map[string]struct{ extra, want string }{
		"all":       {`{"t":"Anna","c":"a1","o":"VNM"}`, "Anna · One · Vietnam (VNM)"},
		"some":      {`{"o":"VNM"}`, "Vietnam (VNM)"},
		"none":      {`{"d":"1990-01-31"}`, ""},
		"lines":     {`{"t":" a\n\n b\tc"}`, "a b c"},
		"long":      {`{"t":"` + strings.Repeat("é", 200) + `"}`, strings.Repeat("é", 119) + "…"},
		"no object": {`7`, ""},
	}
	for name, test := range tests {
		if got := f.Summary(json.RawMessage(test.extra)); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestShow_LanguageOfTheForm(t *testing.T) {
	t.Parallel()
	f := *formfile.Default()
	f.Languages = []string{"en", "vi"}
	extra := json.RawMessage(`{"date_of_birth":"1990-01-31","nationality":"DEU","consent":true}`)
	got := map[string]string{}
	for _, section := range f.In("vi").Show(extra) {
		for _, row := range section.Rows {
			got[row.Field.Name] = row.Text
		}
	}
	for name, want := range map[string]string{"date_of_birth": "31 tháng 1, 1990", "nationality": "Đức (DEU)", "consent": "Có"} {
		if got[name] != want {
			t.Errorf("%s: got %q, want %q", name, got[name], want)
		}
	}
}
