package feed

import (
	"testing"
	"time"

	"docket/db"
)

func TestHead_Observe(t *testing.T) {
	t.Parallel()
	var h head
	at := time.UnixMilli(1764000000000)
	for _, step := range []struct {
		what    string
		taken   int64
		holders []string
		want    Position
	}{
		{"nobody has taken a number", 9, nil, 9},
		{"one transaction runs", 12, []string{"1/1"}, 9},
		{"it runs still, others have ended", 15, []string{"1/1"}, 9},
		{"it has ended, another began after its numbers were taken", 20, []string{"2/7"}, 15},
		{"that has ended, too", 20, nil, 20},
		{"a failover has lost numbers", 17, []string{"1/1"}, 0},
		{"what runs then has ended", 17, nil, 17},
	} {
		at = at.Add(time.Second)
		if h.observe(db.FeedStateRow{Taken: step.taken, Holders: step.holders}, at); h.position != step.want {
			t.Errorf("%s: the head is %d, want %d", step.what, h.position, step.want)
		}
	}
}

func TestHead_ManyUnended(t *testing.T) {
	t.Parallel()
	var h head
	at := time.UnixMilli(1764000000000)
	for taken := range int64(10 * maxUnended) {
		h.observe(db.FeedStateRow{Taken: taken + 1, Holders: []string{"1/1", "2/2"}}, at)
	}
	if len(h.unended) != maxUnended || h.lag(at.Add(time.Second)) != time.Second {
		t.Errorf("%d observations are kept, the lag is %v", len(h.unended), h.lag(at.Add(time.Second)))
	}
	h.observe(db.FeedStateRow{Taken: 10 * maxUnended, Holders: []string{"3/3"}}, at)
	if h.position != 10*maxUnended || h.lag(at) != 0 {
		t.Errorf("the head is %d when all have ended, the lag %v", h.position, h.lag(at))
	}
}

func TestHead_Settled(t *testing.T) {
	t.Parallel()
	var h head
	at := time.UnixMilli(1764000000000)
	for taken := int64(1); taken <= 4; taken++ {
		h.observe(db.FeedStateRow{Taken: taken}, at)
		at = at.Add(settleTime)
	}
	if h.position != 4 || h.settled != 3 {
		t.Errorf("the head is %d, settled is %d; want 4 and 3, which is as old as a proven replica may be", h.position, h.settled)
	}
}
