package views_test

import (
	"strings"
	"testing"
	"time"

	"docket/internal/form/formfile"
	"docket/internal/i18n"
	"docket/internal/ticket"
	"docket/views"
)

// TestQueueList_SaysHowFarItLooked shows lists in which nothing is found yet, from either end of their range.
func TestQueueList_SaysHowFarItLooked(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, 3, n, 0, 0, 0, 0, time.UTC) }
	site := views.Site{Form: formfile.Default().In("en"), Now: day(20), Words: i18n.Of("en")}
	later := map[ticket.Status]string{ticket.Rejected: "2 found from 9 Mar 2026 to 15 Mar 2026", ticket.Processing: "2 found from 5 Mar 2026 to 9 Mar 2026"}
	for status, want := range map[ticket.Status]string{
		ticket.Rejected:   "from 9 Mar 2026 to 19 Mar 2026",
		ticket.Processing: "from 1 Mar 2026 to 9 Mar 2026",
	} {
		queue := views.QueueView{Filter: views.Filter{Status: status}, Since: day(1), Until: day(20), List: ticket.List{Next: ticket.Cursor{At: day(9)}}, NextURL: "/review?cursor=x"}
		var text strings.Builder
		if err := views.QueueList(site, queue).Render(t.Context(), &text); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text.String(), want) {
			t.Errorf("a list of %s says %s, want %q", status, text.String(), want)
		}
		queue.Filter.Where.Reason = "blurry"
		queue.List.Tickets = []ticket.Ticket{{Status: status}, {Status: status}}
		for limit, says := range map[int]bool{2: false, 3: true} { // of a full page it says nothing
			queue.Filter.Limit = limit
			text.Reset()
			if err := views.QueueList(site, queue).Render(t.Context(), &text); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(text.String(), "2 found "+want) != says {
				t.Errorf("two of %s on a page of %d: %s, want %q %v", status, limit, text.String(), "2 found "+want, says)
			}
		}
		queue.Filter.Limit, queue.After = 3, map[ticket.Status]time.Time{ticket.Rejected: day(15), ticket.Processing: day(5)}[status]
		text.Reset()
		if err := views.QueueList(site, queue).Render(t.Context(), &text); err != nil {
			t.Fatal(err)
		}
		if want := later[status]; !strings.Contains(text.String(), want) {
			t.Errorf("the second page of %s says %s, want %q", status, text.String(), want)
		}
	}
}
