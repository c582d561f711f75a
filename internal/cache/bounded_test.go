package cache

import (
	"fmt"
	"testing"
	"time"
)

func TestTheCacheNeverHoldsMoreThanItsSize(t *testing.T) {
	t.Parallel()
	b := newBounded[int](100)
	for i := range 10_000 {
		b.set(fmt.Sprint(i), i, time.Minute)
		if n := b.young.ItemCount() + b.old.ItemCount(); n > 100 {
			t.Fatalf("%d entries after %d, want at most 100", n, i+1)
		}
	}
	if got, ok := b.get("9999"); !ok || got != 9999 {
		t.Errorf("the newest entry is %d, %v", got, ok)
	}
}

func TestWhatIsDeletedIsGoneFromBothGenerations(t *testing.T) {
	t.Parallel()
	b := newBounded[int](4)
	for i, key := range []string{"a", "b", "c"} { // a and b become old
		b.set(key, i, time.Minute)
	}
	b.set("a", 9, time.Minute)
	b.delete("a")
	b.delete("b")
	for _, key := range []string{"a", "b"} {
		if got, ok := b.get(key); ok {
			t.Errorf("%s is still there: %d", key, got)
		}
	}
}

func TestAnEntryWithoutTimeLeftIsNotKept(t *testing.T) {
	t.Parallel()
	b := newBounded[int](4)
	b.set("a", 1, -time.Second)
	if _, ok := b.get("a"); ok {
		t.Error("it is kept, and for ever")
	}
}
