package progress_test

import (
	"strings"
	"testing"
	"time"

	"docket/internal/progress"
)

func TestLine(t *testing.T) {
	t.Parallel()
	for _, try := range []struct {
		done, total int64
		want        string
	}{
		{0, 0, "100 %  0 of 0"},
		{0, 10, "  0 %  0 of 10, 0/s"},
		{5, 10, "###...............]  50 %  5 of 10, 1/s, 5s left"},
		{12, 10, "#] 100 %  12 of 10"},
	} {
		if line := progress.Line("tickets", try.done, try.total, 5*time.Second); !strings.Contains(line, try.want) {
			t.Errorf("%d of %d: %q, want %q in it", try.done, try.total, line, try.want)
		}
	}
}
