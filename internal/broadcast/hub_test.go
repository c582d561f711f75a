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

func TestHub_Keys(t *testing.T) {
	t.Parallel()
	h := broadcast.NewHub()
	anything, stopAnything := h.Watch()
	ann, stopAnn := h.Watch("ann", "ticket")
	defer stopAnything()
	defer stopAnn()
	woken := func(c <-chan struct{}) bool {
		select {
		case <-c:
			return true
		default:
			return false
		}
	}
	for _, test := range []struct {
		name          string
		wake          func()
		anything, ann bool
	}{
		{"all", h.Wake, true, true},
		{"for ann", func() { h.WakeFor("ann") }, true, true},
		{"for bob", func() { h.WakeFor("bob") }, true, false},
		{"only the ticket", func() { h.WakeOnly("ticket") }, false, true},
	} {
		test.wake()
		if a, b := woken(anything), woken(ann); a != test.anything || b != test.ann {
			t.Errorf("%s: who watches anything is woken %v, who watches ann %v; want %v and %v", test.name, a, b, test.anything, test.ann)
		}
	}
}
