package views

import "testing"

func TestArea_Turned(t *testing.T) {
	t.Parallel()
	part := area{100, 40, 200, 50}
	if same := part.turn(180); same != part {
		t.Errorf("upside down: got %v", same)
	}
	if got, want := part.turn(90), (area{175, -35, 50, 200}); got != want {
		t.Errorf("on its side: got %v, want %v", got, want)
	}
	if got, want := part.rotation(270), "rotate(270 200 65)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
