package cli

import (
	"bytes"
	"context"
	"log/slog"
	"testing"
	"time"
)

func TestALineIsWhatSlogWouldWrite(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for _, c := range []struct {
		plain bool
		at    time.Time
		attrs []any
	}{
		{true, now, nil},
		{true, now.In(time.FixedZone("", 7*3600)).Truncate(time.Second), []any{"route", "GET /api/v1/users/{user_id}/latest-ticket", "status", 200, "ms", 12.345}},
		{true, now, []any{"ms", 0.001, "ms", 0.5, "ms", 3.0, "ms", 30000.1, "n", -4, "actor", "key:a.b_c-d", "odd", "a/b~<&>'"}},
		{false, now, []any{"ms", 0.0}},
		{false, now, []any{"ms", 1e21}},
		{false, now, []any{"ms", 1e-7}},
		{false, now, []any{"name", "Nguyễn"}},
		{false, now, []any{"name", "a\"b"}},
		{false, now, []any{"name", `a\b`}},
		{false, now, []any{"name", "a\nb"}},
		{false, now, []any{"name", "a\x7fb"}},
		{false, now, []any{"na\"me", "a"}},
		{false, now, []any{"any", struct{}{}}},
		{false, time.Time{}, nil},
	} {
		r := slog.NewRecord(c.at, slog.LevelInfo, "request", 0)
		r.Add(c.attrs...)
		var want bytes.Buffer
		if err := slog.NewJSONHandler(&want, nil).Handle(context.Background(), r); err != nil {
			t.Fatal(err)
		}
		got, plain := line(nil, r)
		if plain != c.plain || plain && string(got) != want.String() {
			t.Errorf("line(%v) = %s, %v; want %s, %v", c.attrs, got, plain, want.String(), c.plain)
		}
	}
}
