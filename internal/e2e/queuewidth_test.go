package e2e

import (
	"testing"

	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// TestQueue_Widths has a list with six answers in windows of every width: it is never wider, and says how the tickets stand.
func TestQueue_Widths(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 1, testdb.New(t))
	submitMany(t, s, 2)
	p := openAsAgent(t, s, "agent", sized(1280, 800))
	for _, query := range []string{"", "?c.full_name=yes&c.nationality=yes&c.sex=yes&c.document_type=yes&c.expiry_date=yes&c.address=yes"} {
		p.visit("/review" + query)
		p.seeText("Trần Thị 1")
		for _, width := range []int{360, 768, 1024, 1280, 1920} {
			p.must(p.SetViewportSize(width, 800), "make the window %d wide", width)
			p.fits()
			cell, err := p.Locator(".details-cell").First().BoundingBox()
			p.must(err, "find the details")
			if cell == nil || cell.Width < 40 {
				t.Errorf("at %d with %q the details have %+v", width, query, cell)
			}
		}
	}
}
