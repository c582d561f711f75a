package cli

import (
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestLogBuffer_OnlyRequestLinesWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var file strings.Builder
		buffer := newLogBuffer(&file)
		log := slog.New(promptHandler{slog.NewJSONHandler(buffer, nil), buffer})
		written := func(want int) {
			t.Helper()
			buffer.mu.Lock()
			defer buffer.mu.Unlock()
			if got := strings.Count(file.String(), "\n"); got != want {
				t.Errorf("%d lines are written, want %d:\n%s", got, want, file.String())
			}
		}
		log.Info("request")
		log.Info("request")
		written(0)
		time.Sleep(logDelay) // on the clock of synctest
		synctest.Wait()
		written(2)
		log.Info("request")
		log.Error("request")
		written(4)
		log.With("from", "a test").WithGroup("g").Warn("request", "a", 1)
		written(5)
		log.Info("request")
		log.Info("serving")
		written(7)
		log.Info("request", "long", strings.Repeat("x", logBufferSize))
		written(8)
		log.Info("request")
		buffer.flush()
		written(9)
	})
}
