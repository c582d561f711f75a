package cache

import (
	"fmt"
	"testing"
	"time"
)

func TestBoundedCache_Size(t *testing.T) {
	t.Parallel()
	b, now := newBoundedCache[int](100), time.Now()
	for i := range 10_000 {
		b.set(fmt.Sprint(i), i, now.Add(time.Minute))
		if n := b.readCounts().Size; n > 100 {
			t.Fatalf("%d entries after %d, want at most 100", n, i+1)
		}
	}
	if got, ok := b.get("9999", now); !ok || got != 9999 {
		t.Errorf("the newest entry is %d, %v", got, ok)
	}
}

func TestBoundedCache_DeleteFromBothHalves(t *testing.T) {
	t.Parallel()
	b, now := newBoundedCache[int](4), time.Now()
	for i, key := range []string{"a", "b", "c"} { // a and b become the previous half
		b.set(key, i, now.Add(time.Minute))
	}
	b.set("a", 9, now.Add(time.Minute))
	b.delete("a")
	b.delete("b")
	for _, key := range []string{"a", "b"} {
		if got, ok := b.get(key, now); ok {
			t.Errorf("%s is still there: %d", key, got)
		}
	}
}

func TestBoundedCache_Expiry(t *testing.T) {
	t.Parallel()
	b, now := newBoundedCache[int](4), time.Now()
	b.set("a", 1, now.Add(time.Second))
	if _, ok := b.get("a", now.Add(time.Second-1)); !ok {
		t.Error("it is gone before its time")
	}
	if _, ok := b.get("a", now.Add(time.Second)); ok {
		t.Error("it is served at the end of its time")
	}
}
