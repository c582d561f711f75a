package views

import (
	"slices"
	"testing"

	"docket/internal/form"
)

func TestDivideLikely_FormFirst(t *testing.T) {
	t.Parallel()
	field := form.Field{Type: form.Country, Likely: []string{"VNM", "LAO"}}
	likely, others := divideLikely(Site{Likely: []string{"SWE", "VNM"}}, field, "en")
	var codes []string
	for _, o := range likely {
		codes = append(codes, o.Value)
	}
	if !slices.Equal(codes, []string{"VNM", "LAO", "SWE"}) || len(others) < 200 || slices.ContainsFunc(others, func(o form.Option) bool { return slices.Contains(codes, o.Value) }) {
		t.Errorf("got %v and %d others", codes, len(others))
	}
}
