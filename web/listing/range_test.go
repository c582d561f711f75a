package listing_test

import (
	"testing"
	"time"

	"docket/internal/form"
	"docket/internal/i18n"
	"docket/views"
	"docket/web/listing"
)

// TestParseRange_ChangeOfClocks has ranges in which a day has 23 or 25 hours: they are as wide as others of as many days.
func TestParseRange_ChangeOfClocks(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/Santiago")
	if err != nil {
		t.Fatal(err)
	}
	lists := listing.Lists{Form: &form.Form{Zone: zone}, Now: time.Now}
	for _, test := range []struct {
		from, to string
		tooWide  bool
	}{
		{"2026-10-10", "2026-11-10", false},
		{"2026-10-10", "2026-11-11", true},
		{"2026-03-10", "2026-04-10", false}, // has 25 hours once
		{"2026-03-10", "2026-04-11", true},
		{"2026-09-01", "2026-10-02", false}, // has 23 hours once
		{"2026-03-10T00:00:00-03:00", "2026-04-10T00:00:00-04:00", false},
		{"2026-09-01T00:00:00Z", "2026-10-02T00:00:00Z", false},
		{"2026-09-01T00:00:00Z", "2026-10-02T00:00:01Z", true},
	} {
		wrong := listing.Problems{}
		lists.ParseRange(views.Filter{From: test.from, To: test.to}, i18n.Of("en"), wrong)
		if _, is := wrong["from"]; is != test.tooWide {
			t.Errorf("%s to %s: %v, want too wide %v", test.from, test.to, wrong, test.tooWide)
		}
	}
}
