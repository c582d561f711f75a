package listing

import (
	"slices"
	"testing"

	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/search"
	"docket/internal/ticket"
	"docket/views"
)

// TestWhere_FiltersAreIndexed has tickets found by each answer by which a list can be filtered.
func TestWhere_FiltersAreIndexed(t *testing.T) {
	t.Parallel()
	text, err := formfile.Starter("demo")
	if err != nil {
		t.Fatal(err)
	}
	f, err := formfile.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	fields := views.ChoiceFields(f)
	if len(fields) < 2 {
		t.Errorf("the starter form has %d filters, want several", len(fields))
	}
	for _, field := range fields {
		value := field.Options[0].Value
		_, whole := search.Index(f, form.Answers{{Name: field.Name, Texts: []string{value}, Type: field.Type}})
		if !slices.Contains(whole, ticket.AnswerLexeme(field.Name, value)) {
			t.Errorf("with %s: %s a ticket is found by %q", field.Name, value, whole)
		}
	}
}
