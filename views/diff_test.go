package views

import "testing"

func TestSplitDiff_Changes(t *testing.T) {
	t.Parallel()
	text := "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n kept\n--removed\n++added\n-last\n+last\n--- removed, not a header"
	want := []diffChange{diffPlace, diffPlace, diffPlace, diffPlace, diffKept, diffRemoved, diffAdded, diffRemoved, diffAdded, diffRemoved}
	lines := splitDiff(text)
	if len(lines) != len(want) {
		t.Fatalf("got %d lines, want %d", len(lines), len(want))
	}
	for i, line := range lines {
		if line.Change != want[i] {
			t.Errorf("%q is %d, want %d", line.Text, line.Change, want[i])
		}
	}
}
