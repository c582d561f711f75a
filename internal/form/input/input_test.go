package input_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"docket/internal/form/input"
)

func TestInput_JSON(t *testing.T) {
	t.Parallel()
	typed := input.Input{"name": {"Ann"}, "extras": {"a", "b"}, "empty": {""}}
	object, err := json.Marshal(typed)
	if want := `{"empty":"","extras":["a","b"],"name":"Ann"}`; string(object) != want || err != nil {
		t.Fatalf("got %s, %v; want %s", object, err, want)
	}
	var read input.Input
	if err := json.Unmarshal(object, &read); err != nil || !maps.EqualFunc(read, typed, slices.Equal) {
		t.Errorf("got %v, %v; want %v", read, err, typed)
	}
	if err := json.Unmarshal([]byte(`{"name": 1}`), &read); err == nil {
		t.Error("a number was read as a text")
	}
	if err := json.Unmarshal([]byte(`null`), &read); err != nil || read.Has("name") || read.Text("name") != "" {
		t.Errorf("got %v, %v; want nothing", read, err)
	}
}
