package broadcast_test

import (
	"testing"

	"docket/internal/broadcast"
)

func TestHub_WakesEveryWatcherOnce(t *testing.T) {
	t.Parallel()
	h := broadcast.NewHub()
	one, stopOne := h.Watch()
	two, stopTwo := h.Watch()
	defer stopTwo()
	for range 3 {
		h.Wake()
	}
	<-one
	<-two
	select {
	case <-two:
		t.Error("woken twice for changes that were not taken yet")
	default:
	}
	stopOne()
	h.Wake()
	<-two
	select {
	case <-one:
		t.Error("woken after it stopped watching")
	default:
	}
}
