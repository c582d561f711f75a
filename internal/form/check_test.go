package form_test

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"docket/internal/form"
	"docket/internal/form/formfile"
)

// noon is the time at which the tests answer: a Wednesday, far from any midnight.
var noon = time.Date(2026, time.March, 4, 12, 0, 0, 0, time.UTC)

// photo is the id of a file.
const photo = "0199c1f0-7b1e-7cc3-9a55-0d0f4e1f6a10"

const choice = "type: choice\noptions: [{value: a1, label: One}, {value: a2, label: Two}]"

func TestCheck_KeepsOneShape(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ keys, given, want string }{
		"a text":               {"", "Anna", `{"a":"Anna"}`},
		"trimmed":              {"", " \u00a0Anna\u3000\n", `{"a":"Anna"}`},
		"nothing":              {"", "", `{}`},
		"only spaces":          {"", " \u2003\t ", `{}`},
		"in NFC":               {"", "Nguye\u0302\u0303n", `{"a":"Nguyễn"}`},
		"at full length":       {"max_length: 3", "e\u0302e\u0302e\u0302", `{"a":"êêê"}`},
		"at full width":        {"max_length: 2", "𝒳𝒳", `{"a":"𝒳𝒳"}`},
		"at least":             {"min_length: 2", "Bo", `{"a":"Bo"}`},
		"too short but absent": {"min_length: 2", "", `{}`},
		"markup":               {"", `<b hx-post="/x">`, `{"a":"\u003cb hx-post=\"/x\"\u003e"}`},
		"a pattern":            {"pattern: '[A-Z]{2}'", "AB", `{"a":"AB"}`},
		"lines":                {"type: long_text", " a\r\nb\rc\td\n", `{"a":"a\nb\nc\td"}`},
		"an address":           {"type: email", "Anna.B+x@EXAMPLE.Co.uk", `{"a":"Anna.B+x@example.co.uk"}`},
		"a telephone":          {"type: tel", "+84 (24) 3825.12-34", `{"a":"+84 (24) 3825.12-34"}`},
		"a number":             {"type: number", "12", `{"a":12}`},
		"a number below":       {"type: number", "-3", `{"a":-3}`},
		"leading zeros":        {"type: number\ndecimals: 2", "-007.50", `{"a":-7.50}`},
		"no negative zero":     {"type: number\ndecimals: 2", "-0.00", `{"a":0.00}`},
		"digits as typed":      {"type: number\ndecimals: 2", "0.10", `{"a":0.10}`},
		"fifteen digits":       {"type: number\ndecimals: 10", "999999999999999.9999999999", `{"a":999999999999999.9999999999}`},
		"between bounds":       {"type: number\nmin: 1\nmax: 10", "10", `{"a":10}`},
		"a date":               {"type: date", "1990-01-31", `{"a":"1990-01-31"}`},
		"a leap day":           {"type: date", "2024-02-29", `{"a":"2024-02-29"}`},
		"an early date":        {"type: date", "1000-01-01", `{"a":"1000-01-01"}`},
		"today":                {"type: date\nmin: today\nmax: today", "2026-03-04", `{"a":"2026-03-04"}`},
		"an option":            {choice, "a2", `{"a":"a2"}`},
		"a country":            {"type: country", "VNM", `{"a":"VNM"}`},
		"a ticked box":         {"type: checkbox", "on", `{"a":true}`},
		"ticked as true":       {"type: checkbox", "true", `{"a":true}`},
		"ticked as 1":          {"type: checkbox", "1", `{"a":true}`},
		"ticked as yes":        {"type: checkbox", "yes", `{"a":true}`},
		"a picture":            {"type: image", photo, `{"a":"` + photo + `"}`},
		"a picture's id":       {"type: image", strings.ToUpper(photo), `{"a":"` + photo + `"}`},
		"a document":           {"type: file\nrequired: true", photo, `{"a":"` + photo + `"}`},
		"no document":          {"type: file", "", `{}`},
		"a box left empty":     {"type: checkbox", "", `{"a":false}`},
		"a box that is off":    {"type: checkbox", "off", `{"a":false}`},
		"a required box":       {"type: checkbox\nrequired: true", "on", `{"a":true}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answers, err := parse(t, oneField(test.keys)).Check(form.Input{"a": {test.given}}, noon)
			if got := string(answers.JSON()); err != nil || got != test.want {
				t.Errorf("%q: got %s, %v, want %s", test.given, got, err, test.want)
			}
		})
	}
}

func TestCheck_RefusesInPlainWords(t *testing.T) {
	t.Parallel()
	const words = "Must be an e-mail address, such as name@example.com"
	const tel = "Must be a telephone number of 6 to 15 digits"
	const day = "Must be a date that exists, written year-month-day"
	tests := map[string]struct{ keys, given, code, message string }{
		"nothing":              {"required: true", "", form.CodeRequired, "Fill in “A”"},
		"only spaces":          {"required: true", " \u3000 ", form.CodeRequired, "Fill in “A”"},
		"nothing, own words":   {"required: true\nmissing: Enter your name", "", form.CodeRequired, "Enter your name"},
		"no option":            {"required: true\n" + choice, "", form.CodeRequired, "Choose an answer to “A”"},
		"no country":           {"required: true\ntype: country", "", form.CodeRequired, "Choose an answer to “A”"},
		"no tick":              {"required: true\ntype: checkbox", "", form.CodeRequired, "Tick “A” to go on"},
		"a tick taken back":    {"required: true\ntype: checkbox", "off", form.CodeRequired, "Tick “A” to go on"},
		"no tick at all":       {"type: checkbox", "maybe", form.CodeNotAnOption, "Tick the box or leave it empty"},
		"too short":            {"min_length: 2", " x ", form.CodeTooShort, "Must be at least 2 characters"},
		"too short by one":     {"min_length: 1", "", "", ""},
		"too long":             {"max_length: 3", "abcd", form.CodeTooLong, "Must be at most 3 characters; this is 4"},
		"too long for one":     {"max_length: 1", "ab", form.CodeTooLong, "Must be at most 1 character; this is 2"},
		"far too long":         {"max_length: 3", strings.Repeat("x", 49), form.CodeTooLong, "Must be at most 3 characters"},
		"a pattern in part":    {"pattern: a|b", "ab", form.CodePattern, "Does not look as it should"},
		"a pattern by line":    {"pattern: (?m)a", "a\nb", form.CodeBadCharacters, "Contains a line break or a tab (U+000A)"},
		"a pattern with words": {"pattern: '[A-Z]'\npattern_hint: Write one capital letter", "a", form.CodePattern, "Write one capital letter"},

		"an address without @":    {"type: email", "anna.example.com", form.CodeBadEmail, words},
		"two @":                   {"type: email", "a@b@example.com", form.CodeBadEmail, words},
		"a name before it":        {"type: email", "Anna <a@example.com>", form.CodeBadEmail, words},
		"angle brackets":          {"type: email", "<a@example.com>", form.CodeBadEmail, words},
		"two addresses":           {"type: email", "a@example.com, b@example.com", form.CodeBadEmail, words},
		"a domain without a dot":  {"type: email", "a@localhost", form.CodeBadEmail, words},
		"a dot at the end":        {"type: email", "a@example.com.", form.CodeBadEmail, words},
		"two dots":                {"type: email", "a@example..com", form.CodeBadEmail, words},
		"a domain in brackets":    {"type: email", "a@[127.0.0.1]", form.CodeBadEmail, words},
		"a number for a domain":   {"type: email", "a@127.0.0.1", form.CodeBadEmail, words},
		"a hyphen first":          {"type: email", "a@-x.com", form.CodeBadEmail, words},
		"a quoted name":           {"type: email", `"a b"@example.com`, form.CodeBadEmail, words},
		"a comment":               {"type: email", "a@example.com (Anna)", form.CodeBadEmail, words},
		"a long local part":       {"type: email", strings.Repeat("a", 65) + "@example.com", form.CodeBadEmail, words},
		"a long address":          {"type: email", "a@" + strings.Repeat("abcdefgh.", 28) + "com", form.CodeTooLong, "Must be at most 254 characters; this is 257"},
		"an address with a break": {"type: email", "a@example.com\nBcc: b@example.com", form.CodeBadCharacters, "Contains a line break"},

		"letters in a telephone": {"type: tel", "0800 REFUND", form.CodeBadTel, tel},
		"five digits":            {"type: tel", "12345", form.CodeBadTel, tel},
		"sixteen digits":         {"type: tel", "1234567890123456", form.CodeBadTel, tel},

		"a word for a number":      {"type: number", "ten", form.CodeNotANumber, "Must be a number of plain digits, such as 12"},
		"an exponent":              {"type: number", "1e3", form.CodeNotANumber, "Must be a number"},
		"infinity":                 {"type: number", "Inf", form.CodeNotANumber, "Must be a number"},
		"hexadecimal":              {"type: number", "0x10", form.CodeNotANumber, "Must be a number"},
		"a comma":                  {"type: number\ndecimals: 2", "1,500", form.CodeNotANumber, "Must be a number of plain digits with a point before the decimals, such as 12.5"},
		"a plus":                   {"type: number", "+5", form.CodeNotANumber, "Must be a number"},
		"a point alone":            {"type: number\ndecimals: 1", "5.", form.CodeNotANumber, "Must be a number"},
		"a point first":            {"type: number\ndecimals: 1", ".5", form.CodeNotANumber, "Must be a number"},
		"a fraction":               {"type: number", "1.5", form.CodeTooManyDecimals, "Must be a whole number"},
		"a fraction of a cent":     {"type: number\ndecimals: 2", "1.500", form.CodeTooManyDecimals, "Must have at most 2 digits after the point"},
		"a fraction of a tenth":    {"type: number\ndecimals: 1", "1.50", form.CodeTooManyDecimals, "Must have at most 1 digit after the point"},
		"sixteen digits of number": {"type: number", "1234567890123456", form.CodeTooLarge, "Must have at most 15 digits before the point"},
		"too small":                {"type: number\ndecimals: 2\nmin: 0.01", "0.00", form.CodeTooSmall, "Must be 0.01 or more"},
		"too large":                {"type: number\nmax: 9", "10", form.CodeTooLarge, "Must be 9 or less"},

		"a day that is none":  {"type: date", "2023-02-29", form.CodeNotADate, day},
		"month 13":            {"type: date", "2023-13-01", form.CodeNotADate, day},
		"day and month":       {"type: date", "31.01.1990", form.CodeNotADate, day},
		"one digit":           {"type: date", "1990-1-31", form.CodeNotADate, day},
		"a time behind it":    {"type: date", "1990-01-31T00:00:00Z", form.CodeNotADate, day},
		"the year 999":        {"type: date", "0999-12-31", form.CodeNotADate, day},
		"the year 10000":      {"type: date", "10000-01-01", form.CodeNotADate, day},
		"the year before one": {"type: date", "-990-01-31", form.CodeNotADate, day},
		"the future":          {"type: date\nmax: today", "2026-03-05", form.CodeTooLate, "Must not be in the future"},
		"too late":            {"type: date\nmax: today+30d", "2026-04-04", form.CodeTooLate, "Must be 3 April 2026 or earlier"},
		"too early":           {"type: date\nmin: 2020-01-31", "2020-01-30", form.CodeTooEarly, "Must be 31 January 2020 or later"},
		"too old":             {"type: date\nmin: today-120y", "1906-03-03", form.CodeTooEarly, "Must be 4 March 1906 or later"},

		"another option":      {choice, "a3", form.CodeNotAnOption, "Choose one of the options"},
		"an option's label":   {choice, "One", form.CodeNotAnOption, "Choose one of the options"},
		"an option in capals": {choice, "A1", form.CodeNotAnOption, "Choose one of the options"},
		"two letters":         {"type: country", "VN", form.CodeNotAnOption, "Choose one of the countries"},
		"small letters":       {"type: country", "vnm", form.CodeNotAnOption, "Choose one of the countries"},
		"no picture":          {"type: image\nrequired: true", "", form.CodeRequired, "Add “A”"},
		"a name of a file":    {"type: image", "front.jpg", form.CodeNotAFile, "Must be a file that was uploaded before"},
		"a path of a file":    {"type: file", "../" + photo, form.CodeNotAFile, "Must be a file"},
		"an id in braces":     {"type: file", "{" + photo + "}", form.CodeNotAFile, "Must be a file"},
		"an id without lines": {"type: file", strings.ReplaceAll(photo, "-", ""), form.CodeNotAFile, "Must be a file"},
		"a former country":    {"type: country", "SUN", form.CodeNotAnOption, "Choose one of the countries"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := parse(t, oneField(test.keys)).Check(form.Input{"a": {test.given}}, noon)
			refused(t, err, "a", test.code, test.message)
		})
	}
}

// refused fails the test unless err is Invalid with this one problem; no code: unless err is nil.
func refused(t *testing.T, err error, name, code, message string) {
	t.Helper()
	if code == "" {
		if err != nil {
			t.Errorf("got %v, want it accepted", err)
		}
		return
	}
	invalid, ok := errors.AsType[form.Invalid](err)
	got := invalid[name]
	if !ok || len(invalid) != 1 || got.Code != code || !strings.HasPrefix(got.Message, message) {
		t.Errorf("got %q, want %s: %s %q", invalid, name, code, message)
	}
}

func TestCheck_AnswerGivenTwice(t *testing.T) {
	t.Parallel()
	for _, keys := range []string{"", "type: checkbox", choice} {
		_, err := parse(t, oneField(keys)).Check(form.Input{"a": {"on", "on"}}, noon)
		refused(t, err, "a", form.CodeGivenTwice, "Was sent more than once")
	}
}

func TestCheck_IgnoresOtherFields(t *testing.T) {
	t.Parallel()
	given := form.Input{"a": {"x"}, "status": {"approved"}, "decided_by": {"me", "you"}, "A": {"\xff"}}
	answers, err := parse(t, oneField("")).Check(given, noon)
	if got := string(answers.JSON()); err != nil || got != `{"a":"x"}` {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestInvalid_NamesFieldsNotAnswers(t *testing.T) {
	t.Parallel()
	f := parse(t, twoFields("type: number", "type: date"))
	_, err := f.Check(form.Input{"a": {"secret"}, "b": {"secret"}}, noon)
	if want := "invalid answers: a: not_a_number, b: not_a_date"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestCheck_RequiredWhen(t *testing.T) {
	t.Parallel()
	f, err := formfile.Load("testdata/refund.yaml")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		change form.Input
		field  string // which is required then; empty: none
	}{
		"neither":           {form.Input{}, ""},
		"choice":            {form.Input{"reason": {"damaged"}}, "what_happened"},
		"choice answered":   {form.Input{"reason": {"damaged"}, "what_happened": {"The lid is broken."}}, ""},
		"tick":              {form.Input{"collected": {"on"}}, "collect_by"},
		"only one of two":   {form.Input{"shipped_to": {"CHE"}}, ""},
		"both of two":       {form.Input{"collected": {"on"}, "shipped_to": {"CHE"}, "collect_by": {"2026-03-05"}}, "phone"},
		"a wrong condition": {form.Input{"shipped_to": {"XXX"}}, "shipped_to"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			given := refund()
			maps.Copy(given, test.change)
			_, err := f.Check(given, noon)
			invalid, _ := errors.AsType[form.Invalid](err)
			if _, asked := invalid[test.field]; asked != (test.field != "") || len(invalid) > 1 {
				t.Errorf("got %v, want only %q asked", err, test.field)
			}
		})
	}
}

// refund is an answer to testdata/refund.yaml that leaves out everything optional.
func refund() form.Input {
	return form.Input{
		"order_number": {"AB-123456"}, "amount": {"12.50"}, "currency": {"EUR"}, "purchase_date": {"2026-03-01"},
		"reason": {"wrong_item"}, "email": {"anna@example.com"}, "not_used": {"on"},
	}
}

func TestCheck_LanguageOfTheForm(t *testing.T) {
	t.Parallel()
	f := *formfile.Default()
	f.Languages = []string{"en", "vi"}
	given := form.Input{"date_of_birth": {"31.1.1990"}, "document_number": {"1"}, "phone": {"+84\U000e00411234567"}, "issue_date": {"2999-01-01"}}
	_, err := f.In("vi").Check(given, noon)
	invalid, _ := errors.AsType[form.Invalid](err)
	for name, want := range map[string]string{
		"date_of_birth":   "Phải là ngày có thật, viết theo thứ tự năm-tháng-ngày, ví dụ 1990-01-31. Nếu không biết rõ hơn thì chỉ cần năm và tháng, hoặc chỉ năm",
		"document_number": "Cần ít nhất 4 ký tự",
		"phone":           "Có ký tự không nhìn thấy được (U+E0041); bạn hãy xóa đi hoặc nhập lại",
		"issue_date":      "Không được là ngày trong tương lai",
	} {
		if got := invalid[name].Message; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	_, err = checkJSON(f.In("vi"), []byte(`{"document_number":"1"}`))
	invalid, _ = errors.AsType[form.Invalid](err)
	if got, want := invalid["document_number"].Message, "Must be at least 4 characters"; got != want {
		t.Errorf("to another system: got %q, want %q", got, want)
	}
}

func TestForm_Refund(t *testing.T) {
	t.Parallel()
	f, err := formfile.Load("testdata/refund.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if f.OneOpen || f.Zone.String() != "Europe/Berlin" || f.Name != "refund" {
		t.Errorf("got one open %v, zone %s, name %q", f.OneOpen, f.Zone, f.Name)
	}
	answers, err := f.Check(refund(), noon)
	want := `{"order_number":"AB-123456","amount":12.50,"currency":"EUR","purchase_date":"2026-03-01","reason":"wrong_item",` +
		`"collected":false,"email":"anna@example.com","not_used":true}`
	if err != nil || string(answers.JSON()) != want {
		t.Errorf("got  %s, %v\nwant %s", answers.JSON(), err, want)
	}
	if got := f.Summary(answers.JSON()); got != "AB-123456 · It is not what I ordered · 12.50" {
		t.Errorf("summary: got %q", got)
	}
}
