package demo

import (
	"fmt"
	"math/bits"
	"testing"

	"docket/internal/photo"
)

func TestPhotos_WarningsAndDuplicates(t *testing.T) {
	t.Parallel()
	want := map[string]photo.Warning{"demo-2/1": photo.Glare, "demo-4/1": photo.Dark, "demo-7/1": photo.Grey, "demo-8/1": photo.Blurry}
	hashes := map[string]uint64{}
	for _, p := range demoPeople(Site{})[2:] {
		for n := range p.attempts {
			for _, drawn := range p.photos(n) {
				name := fmt.Sprintf("%s/%d", p.userID, n+1)
				read, err := photo.Read(t.Context(), drawn.jpeg(), nil)
				if err != nil {
					t.Fatalf("%s %s: %v", name, drawn.field, err)
				}
				got, warned := read.Signals.Warnings(), want[name] != "" && drawn.field == "document_front"
				if warned && (len(got) != 1 || got[0] != want[name]) || !warned && len(got) > 0 {
					t.Errorf("%s %s has the warnings %q, want %q", name, drawn.field, got, want[name])
				}
				hashes[p.holder.Number+" "+drawn.field] = read.Signals.Hash
			}
		}
	}
	for one, a := range hashes {
		for other, b := range hashes {
			if one < other && bits.OnesCount64(a^b) < photo.DistinctBits {
				t.Errorf("the photos %s and %s look the same", one, other)
			}
		}
	}
}
