package form_test

import (
	"errors"
	"testing"
	"time"

	"docket/internal/form"
	"docket/internal/form/formfile"
)

const specimen = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"

func TestMRZ(t *testing.T) {
	t.Parallel()
	const begin = "name: zone\ntitle: Zone\nfields:\n  - {name: mrz, label: Zone, type: mrz"
	const tail = "}\nreasons:\n  - {code: other, label: Other, class: final, text: No.}\n"
	other := "D1UTOLICENCE<OF<DRIVERS<B<C<<<\n1234567890ABCDEFGHIJ<<<<<<<<<1\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
	mistyped := "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\r\nL898902C46UTO7408122F1204159ZE184226B<<<<<10"
	for block, want := range map[string]map[string]string{
		"":                        {specimen: "", mistyped: "", other: "", "L898902C3": form.CodeNotAnMRZ, "V" + specimen[1:]: form.CodeNotAnMRZ},
		", block: [check_digits]": {specimen: "", mistyped: form.CodeCheckDigits, other: form.CodeNotAnMRZ},
	} {
		f, err := formfile.Parse([]byte(begin + block + tail))
		if err != nil {
			t.Fatal(err)
		}
		for text, code := range want {
			_, err := f.Check(form.Input{"mrz": {text}}, time.Now())
			wrong, _ := errors.AsType[form.Invalid](err)
			if wrong["mrz"].Code != code {
				t.Errorf("%q%s: got %q, want %q", text, block, wrong["mrz"].Code, code)
			}
		}
	}
	if f := (form.Field{Type: form.MRZ}); f.Warning(specimen) != "" || f.Warning(mistyped) == "" || f.Warning("x") != "" || f.Warning(other) == f.Warning(mistyped) {
		t.Error("the wrong zones are warned of")
	}
	if _, err := formfile.Parse([]byte(begin + ", block: [blurry]" + tail)); err == nil {
		t.Error("a zone that refuses blurred pictures was accepted")
	}
}
