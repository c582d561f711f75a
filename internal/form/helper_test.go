package form_test

import (
	"strings"
	"testing"

	"docket/internal/form"
	"docket/internal/form/formfile"
)

// head begins a form of whatever follows it.
const head = "name: x\ntitle: X\n"

// oneField is a form whose one field has these keys.
func oneField(keys string) string {
	return head + "fields:\n  - name: a\n    label: A\n" + indent(keys)
}

// twoFields is a form with the fields a and b.
func twoFields(a, b string) string {
	return oneField(a) + "  - name: b\n    label: B\n" + indent(b)
}

func indent(lines string) string {
	if lines == "" {
		return ""
	}
	return "    " + strings.ReplaceAll(lines, "\n", "\n    ") + "\n"
}

func parse(t *testing.T, src string) *form.Form {
	t.Helper()
	f, err := formfile.Parse([]byte(src))
	if err != nil {
		t.Fatalf("parse: %v\n%s", err, src)
	}
	return f
}
