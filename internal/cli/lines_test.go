package cli

import (
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestOnlyTheLinesOfGoodRequestsWaitAndNotForLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var file strings.Builder
		to := newLines(&file)
		log := slog.New(patient{slog.NewJSONHandler(to, nil), to, true})
		written := func(want int) {
			t.Helper()
			if got := strings.Count(file.String(), "\n"); got != want {
				t.Errorf("%d lines are written, want %d:\n%s", got, want, file.String())
			}
		}
		log.Info("request")
		log.Info("request")
		written(0)
		log.Info("ready")
		written(3)
		log.Info("request")
		time.Sleep(linesTime) // of a clock that jumps
		synctest.Wait()
		written(4)
		log.Info("request")
		log.Error("request")
		written(6)
		log.Info("request", "long", strings.Repeat("x", linesMost))
		written(7)
		log.With("from", "a test").Info("request")
		to.flush()
		written(8)
	})
}
