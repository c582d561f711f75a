package form_test

import (
	"encoding/json"
	"testing"

	"docket/internal/form"
)

func TestIBAN(t *testing.T) {
	t.Parallel()
	f := parse(t, oneField("type: iban"))
	for given, want := range map[string]string{
		"DE89370400440532013000":                "DE89370400440532013000",
		"DE89 3704 0044 0532 0130 00":           "DE89370400440532013000",
		" gb82 west 1234 5698 7654 32 ":         "GB82WEST12345698765432",
		"DE89\u00a03704\u202f0044 0532 0130 00": "DE89370400440532013000",
		"NO9386011117947":                       "NO9386011117947",
		"MT84MALT011000012345MTLCAST001S":       "MT84MALT011000012345MTLCAST001S",
		"LC55HEMM000100010012001200023015":      "LC55HEMM000100010012001200023015",
		"VG96VPVG0000012345678901":              "VG96VPVG0000012345678901",
		"":                                      "",
		"DE89370400440532013001":                form.CodeBadIBAN, // check digits
		"DE98370400440532013000":                form.CodeBadIBAN, // check digits, two of them changed
		"DE8937040044053201300":                 form.CodeBadIBAN, // too short
		"DE893704004405320130000":               form.CodeBadIBAN, // too long
		"ZZ89370400440532013000":                form.CodeBadIBAN, // no such country
		"GB01WEST12345600000035":                form.CodeBadIBAN, // check digits that are never given
		"DE89-3704-0044-0532-0130-00":           form.CodeBadIBAN,
		"DE":                                    form.CodeBadIBAN,
		"ДЕ89370400440532013000":                form.CodeBadIBAN,
		"DE89 3704 0044 0532 0130 00 and on":    form.CodeBadIBAN,
	} {
		answers, err := f.Check(form.Input{"a": {given}}, noon)
		if want == form.CodeBadIBAN {
			refused(t, err, "a", want, "Must be an IBAN")
			continue
		}
		wantJSON := form.Answers{{Name: "a", Texts: []string{want}, Type: form.IBAN}}.JSON()
		if want == "" {
			wantJSON = json.RawMessage("{}")
		}
		if got := answers.JSON(); err != nil || string(got) != string(wantJSON) {
			t.Errorf("%q: got %s, %v, want %s", given, got, err, wantJSON)
		}
	}
	if got := f.Show(json.RawMessage(`{"a":"NO9386011117947"}`))[0].Rows[0].Text; got != "NO93 8601 1117 947" {
		t.Errorf("shown: got %q", got)
	}
	agree(t, f, `{"a":"de89 3704 0044 0532 0130 00"}`, true)
	agree(t, f, `{"a":"DE89\u00a03704\u202f0044 0532 0130 00"}`, true)
	agree(t, f, `{"a":"DE89-3704"}`, false)
	agree(t, f, `{"a":89}`, false)
	refused(t, errOf(parse(t, oneField("type: iban\nrequired: true")).Check(nil, noon)), "a", form.CodeRequired, "Fill in “A”")
	german := parse(t, twoFields("type: iban", "required_when: a.startsWith('DE')\nwhen_help: For German accounts."))
	_, err := german.Check(form.Input{"a": {"de89 3704 0044 0532 0130 00"}}, noon)
	refused(t, err, "b", form.CodeRequired, "Fill in")
}

func errOf(_ form.Answers, err error) error { return err }
