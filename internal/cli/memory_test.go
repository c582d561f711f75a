package cli

import "testing"

func TestTheCollectorIsLeftAboutTheSameHeadroom(t *testing.T) {
	t.Parallel()
	for live, want := range map[uint64]int{0: mostGrow, 1 << 20: mostGrow, headroom: 100, 2 * headroom: 50, 1 << 30: leastGrow} {
		if got := growth(live); got != want {
			t.Errorf("growth(%d) = %d percent, want %d", live, got, want)
		}
	}
}
