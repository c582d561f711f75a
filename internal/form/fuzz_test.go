package form_test

import (
	"encoding/json"
	"errors"
	"maps"
	"testing"

	"golang.org/x/text/unicode/norm"

	"docket/internal/form"
	"docket/internal/form/formfile"
)

func FuzzCheck(f *testing.F) {
	src := everyType + "  - fields:\n      - {name: l, label: L, type: long_text}\n      - {name: e, label: E, type: email}\n      - {name: p, label: P, type: tel}\n" +
		"      - {name: u, label: U, type: url}\n      - {name: b, label: B, type: iban}\n      - {name: m, label: M, type: multi_choice, options: [{value: a1, label: One}, {value: a2, label: Two}]}\n"
	whole, err := formfile.Parse([]byte(src))
	if err != nil {
		f.Fatal(err)
	}
	f.Add("Anna", "0.10", "1990-01-31", "a1", "VNM", "on", "a\r\nb", "a@B.co", "+49 30 123456", "HTTPS://Việtnam.vn:443/a?b#c", "de89 3704 0044 0532 0130 00", "a2")
	f.Add("क्\u200dष", "-007", "2024-02-29", "", "", "off", "e\u0302\t❤\ufe0f", "İ@x.YZ", "", "http://[2001:DB8::1]:80/%41", "NO93 8601 1117 947", "")
	f.Fuzz(func(t *testing.T, text, number, date, choice, country, box, long, email, tel, address, account, option string) {
		given := form.Input{"t": {text}, "n": {number}, "d": {date}, "c": {choice}, "o": {country}, "x": {box}, "l": {long}, "e": {email}, "p": {tel}, "u": {address}, "b": {account}, "m": {option, "a1"}}
		raw, _ := json.Marshal(given)
		whole.Show(json.RawMessage(text))
		whole.Show(raw)
		whole.InputFromAnswers(json.RawMessage(long))
		whole.Summary(raw)
		var members map[string]json.RawMessage
		if json.Unmarshal([]byte(text), &members) == nil {
			_, _ = whole.CheckJSON(maps.All(members), noon)
		}
		answers, err := whole.Check(given, noon)
		if err != nil {
			if _, ok := errors.AsType[form.Invalid](err); !ok {
				t.Fatalf("got %T %v, want Invalid", err, err)
			}
			return
		}
		extra := answers.JSON()
		if !json.Valid(extra) || !norm.NFC.IsNormal(extra) {
			t.Fatalf("no JSON in NFC: %q", extra)
		}
		whole.Show(extra)
		again := whole.InputFromAnswers(extra)
		for way, check := range map[string]func() (form.Answers, error){
			"page": func() (form.Answers, error) { return whole.Check(again, noon) },
			"API":  func() (form.Answers, error) { return checkJSON(whole, extra) },
		} {
			if twice, err := check(); err != nil || string(twice.JSON()) != string(extra) {
				t.Errorf("%s: got %q, %v the second time, want %q", way, twice.JSON(), err, extra)
			}
		}
	})
}
