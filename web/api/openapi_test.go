package api

import (
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/web/problem"
)

// testForms are forms with conditions, and with every type of field.
func testForms(t *testing.T) map[string]*form.Form {
	t.Helper()
	text, err := formfile.Starter("starter")
	if err != nil {
		t.Fatal(err)
	}
	starter, err := formfile.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	every, err := formfile.Parse(everyType())
	if err != nil {
		t.Fatal(err)
	}
	return map[string]*form.Form{"ekyc": formfile.Default(), "starter": starter, "every": every}
}

// everyType is a form with a field of every type.
func everyType() []byte {
	text := "name: every\ntitle: Every type\nfields:\n"
	choices, _ := form.TypesTaking("options")
	for _, one := range form.Types() {
		text += "  - {name: " + string(one) + "_field, label: A field, type: " + string(one)
		switch {
		case slices.Contains(choices, one):
			text += ", options: [{value: a, label: A}, {value: b, label: B}]"
		case one == form.Money:
			text += ", currency: EUR"
		case one == form.Group:
			text += ", fields: [{name: row_field, label: A field}]"
		}
		text += "}\n"
	}
	return []byte(text)
}

func TestOpenAPI_Valid(t *testing.T) {
	t.Parallel()
	for name, f := range testForms(t) {
		doc, err := openapi3.NewLoader().LoadFromData(newDocument(f, "default-src 'none'").text)
		if err != nil {
			t.Fatal(err)
		}
		if err := doc.Validate(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOpenAPI_EveryScopeAndCode(t *testing.T) {
	t.Parallel()
	scopes, codes := map[account.Scope]bool{}, map[problem.Code]bool{}
	for _, c := range allCalls() {
		scopes[c.scope] = true
		for _, code := range c.allCodes() {
			codes[code] = true
		}
	}
	for _, scope := range account.Scopes {
		if !scopes[scope] {
			t.Errorf("no call has the scope %s", scope)
		}
	}
	for _, known := range problem.Codes {
		if !codes[known.Code] && known.When != "" {
			t.Errorf("no call has the code %s", known.Code)
		}
	}
}
