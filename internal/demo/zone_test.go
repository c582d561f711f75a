package demo

import (
	"slices"
	"testing"

	"docket/internal/mrz/ocr"
)

func TestPerson_ZoneIsRead(t *testing.T) {
	t.Parallel()
	for _, p := range demoPeople(Site{}) {
		if p.typed["document_type"] != "passport" || p.attempts[0].spoil != nil {
			continue
		}
		want := p.zone()
		zone, err := ocr.ReadPicture(t.Context(), p.photos(0)[0].image)
		if err != nil || !slices.Equal(zone.Lines, want[:]) {
			t.Errorf("%s: read %q, %v; want %q", p.userID, zone.Lines, err, want)
		}
	}
}
