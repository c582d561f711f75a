package formfile_test

import (
	"errors"
	"strings"
	"testing"

	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/form/rules"
)

func TestDefault_Check(t *testing.T) {
	t.Parallel()
	f := formfile.Default()
	given := form.Input{
		"full_name": {"  Nguye\u0302\u0303n Văn A "}, "full_name_latin": {"Nguyen Van A"}, "date_of_birth": {"1990-01-31"},
		"sex": {"male"}, "nationality": {"VNM"}, "document_type": {"passport"}, "issuing_country": {"VNM"},
		"document_number": {"C1234567"}, "issue_date": {"2021-05-06"}, "expiry_date": {"2031-05-06"},
		"address": {"12 Hàng Bạc\r\nHà Nội"}, "phone": {"+84 24 3825 1234"}, "email": {"a@EXAMPLE.com"}, "consent": {"on"},
		"document_front": {photo}, "selfie": {photo}, "submission_id": {"x"}, "status": {"approved"},
	}
	answers, err := f.Check(given, noon)
	want := `{"document_type":"passport","document_front":"` + photo + `","selfie":"` + photo + `","full_name":"Nguyễn Văn A",` +
		`"full_name_latin":"Nguyen Van A","date_of_birth":"1990-01-31","sex":"male","nationality":"VNM","issuing_country":"VNM","document_number":"C1234567",` +
		`"issue_date":"2021-05-06","expiry_date":"2031-05-06","address":"12 Hàng Bạc\nHà Nội",` +
		`"phone":"+84 24 3825 1234","email":"a@example.com","consent":true}`
	if err != nil || string(answers.JSON()) != want {
		t.Fatalf("got  %s, %v\nwant %s", answers.JSON(), err, want)
	}
	if got := f.Summary(answers.JSON()); got != "Nguyễn Văn A · Passport" {
		t.Errorf("summary: got %q", got)
	}
	shown := map[string]string{}
	for _, section := range f.Show(answers.JSON()) {
		for _, row := range section.Rows {
			shown[row.Field.Label] = row.Text
		}
	}
	for label, want := range map[string]string{
		"Full name": "Nguyễn Văn A", "Type of document": "Passport", "Date of expiry": "6 May 2031", "Nationality": "Vietnam (VNM)",
	} {
		if shown[label] != want {
			t.Errorf("%s: got %q, want %q", label, shown[label], want)
		}
	}
}

func TestDefault_RequiredFields(t *testing.T) {
	t.Parallel()
	_, err := formfile.Default().Check(form.Input{"document_type": {"passport"}, "date_of_birth": {"2026-03-05"}}, noon)
	invalid, _ := errors.AsType[form.Invalid](err)
	want := form.Invalid{
		"full_name":       {Code: form.CodeRequired, Message: "Enter your full name"},
		"date_of_birth":   {Code: form.CodeTooLate, Message: "Must not be in the future"},
		"nationality":     {Code: form.CodeRequired, Message: "Choose your nationality"},
		"issuing_country": {Code: form.CodeRequired, Message: "Choose the country that issued your document"},
		"document_number": {Code: form.CodeRequired, Message: "Enter the number of your document"},
		"expiry_date":     {Code: form.CodeRequired, Message: "Enter the date on which your passport expires"},
		"document_front":  {Code: form.CodeRequired, Message: "Add a photo of the front of your document"},
		"selfie":          {Code: form.CodeRequired, Message: "Add a photo of your face"},
		"consent":         {Code: form.CodeRequired, Message: "Tick the box if you agree; without your consent we cannot go on"},
	}
	for name, problem := range want {
		if invalid[name] != problem {
			t.Errorf("%s: got %v, want %v", name, invalid[name], problem)
		}
	}
	if len(invalid) != len(want) {
		t.Errorf("got %v, want %d problems", err, len(want))
	}
}

func TestDefault_NamesAndNumbersOfTheWorld(t *testing.T) {
	t.Parallel()
	f := formfile.Default()
	refuses := func(name, text string) bool {
		_, err := f.Check(form.Input{name: {text}}, noon)
		invalid, _ := errors.AsType[form.Invalid](err)
		_, bad := invalid[name]
		return bad
	}
	for _, good := range [][2]string{
		{"full_name", "Ö"},
		{"full_name", "محمد"},
		{"full_name_latin", "Seán O’Brien-Ørsted, Jr. (né Łoś)"},
		{"document_number", "AB 12-34/56"},
		{"document_number", "0123"},
		{"document_number", "МР1234567"},
		{"document_number", strings.Repeat("1", 32)},
		{"date_of_birth", "1906-03-04"},
		{"date_of_birth", "2026-03-04"},
		{"expiry_date", "2020-01-01"},
	} {
		if refuses(good[0], good[1]) {
			t.Errorf("%s: %q was refused", good[0], good[1])
		}
	}
	for _, bad := range [][2]string{
		{"full_name", strings.Repeat("x", 201)},
		{"full_name_latin", "Нгуен"},
		{"document_number", "123"},
		{"document_number", "----"},
		{"document_number", "1234 -"},
		{"document_number", "<script>"},
		{"document_number", strings.Repeat("1", 33)},
		{"date_of_birth", "1906-03-03"},
		{"issue_date", "2026-03-05"},
		{"sex", "unknown"},
		{"document_type", "visa"},
	} {
		if !refuses(bad[0], bad[1]) {
			t.Errorf("%s: %q was accepted", bad[0], bad[1])
		}
	}
}

func TestDefault_ExpiryOnlyOfAPassport(t *testing.T) {
	t.Parallel()
	_, err := formfile.Default().Check(form.Input{"document_type": {"national_id"}}, noon)
	invalid, _ := errors.AsType[form.Invalid](err)
	if problem, asked := invalid["expiry_date"]; asked {
		t.Errorf("got %v, want nothing", problem)
	}
}

func TestDefault_Examples(t *testing.T) {
	t.Parallel()
	f := formfile.Default()
	if len(f.Rules) != 3 || len(f.Examples) != 6 {
		t.Fatalf("got %d rules and %d examples, want 3 and 6", len(f.Rules), len(f.Examples))
	}
	for _, example := range f.Examples {
		if difference := rules.CheckExample(t.Context(), f, example); difference != "" {
			t.Errorf("%s: %s", example.Name, difference)
		}
	}
}

func TestDefault_Reasons(t *testing.T) {
	t.Parallel()
	f := formfile.Default()
	for code, class := range map[string]form.Class{
		"document_expired": form.Retry, "document_damaged": form.Retry, "name_mismatch": form.Retry, "birth_date_mismatch": form.Retry,
		"number_mismatch": form.Retry, "wrong_document_type": form.Retry, "not_a_document": form.Retry, "other": form.Choose,
		"underage": form.Final, "country_not_supported": form.Final, "duplicate_identity": form.Final, "document_forged": form.Final,
		"document_lost_or_stolen": form.Final, "suspected_fraud": form.Final, "selfie_mismatch": form.Final,
		"image_blurry": form.Retry, "image_glare": form.Retry, "image_dark": form.Retry, "image_cropped": form.Retry, "image_covered": form.Retry,
		"not_colour": form.Retry, "image_unreadable_back": form.Retry, "side_missing_front": form.Retry, "side_missing_back": form.Retry,
		"page_missing": form.Retry, "screenshot_or_screen": form.Retry, "printed_copy": form.Retry, "digital_copy": form.Retry,
		"selfie_missing": form.Retry, "selfie_unclear": form.Retry,
	} {
		reason, ok := f.Reason(code)
		if !ok || reason.Class != class {
			t.Errorf("%s: got %v, %q, want %q", code, ok, reason.Class, class)
		}
		if open := code == "other"; open != (reason.Text == "") {
			t.Errorf("%s: got text %q", code, reason.Text)
		}
	}
	if _, ok := f.Reason("no_such"); ok {
		t.Error("got a reason that the form does not have")
	}
	for _, code := range []string{"suspected_fraud", "document_forged", "document_lost_or_stolen"} {
		reason, _ := f.Reason(code)
		for _, word := range []string{"fraud", "forged", "stolen", "lost", "fake"} {
			if strings.Contains(reason.Text, word) || len(reason.Fields) > 0 {
				t.Errorf("%s tells the user what was noticed: %q, %v", code, reason.Text, reason.Fields)
			}
		}
	}
}
