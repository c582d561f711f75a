package pages

import (
	"testing"
	"time"
)

// Consoles are told of changes when the tick ends in which lists are kept: else they would be shown a list of before, and never be told again.
func TestTick_EndsForBoth(t *testing.T) {
	t.Parallel()
	begin := time.UnixMilli(1_795_000_000_000)
	for at := begin; at.Before(begin.Add(10 * time.Second)); at = at.Add(37 * time.Millisecond) {
		end := at.Add(leftOfTick(at))
		if last := end.Add(-1); tickOf(last) != tickOf(at) || tickOf(end) != tickOf(at)+1 {
			t.Fatalf("at %v the tick ends after %v, in tick %d, the next is %d", at, leftOfTick(at), tickOf(at), tickOf(end))
		}
	}
}
