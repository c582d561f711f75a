package formfile_test

import (
	"errors"
	"os"
	"testing"

	"docket/internal/form"
	"docket/internal/form/formfile"
)

func FuzzParse(f *testing.F) {
	for _, path := range []string{"ekyc.yaml", "starter.yaml", "../testdata/refund.yaml"} {
		src, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Add([]byte(twoFields("type: choice\noptions: [{value: a1, label: One}]", "required_when: a == 'a1'")))
	f.Add([]byte(oneField("") + "list: &l [*l]\n? [a]\n: {}\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		parsed, err := formfile.Parse(src)
		if err == nil {
			answers, err := parsed.Check(form.Input{}, noon)
			if err == nil {
				parsed.Show(answers.JSON())
			}
			return
		}
		mistakes, ok := errors.AsType[formfile.Mistakes](err)
		if !ok || len(mistakes) == 0 {
			t.Fatalf("got %T %v, want Mistakes", err, err)
		}
		for _, m := range mistakes {
			if m.Line < 1 || m.Column < 1 || m.Message == "" {
				t.Errorf("a mistake from nowhere: %+v", m)
			}
		}
	})
}
