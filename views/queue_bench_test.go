package views_test

import (
	"io"
	"testing"
	"time"

	"docket/internal/form/formfile"
	"docket/internal/i18n"
	"docket/internal/ticket"
	"docket/views"
)

func BenchmarkReviewPage_FiftyTickets(b *testing.B) {
	f := formfile.Default()
	for _, tag := range []string{"en", "vi"} {
		site := views.Site{Form: f.In(tag), Now: now, Words: i18n.Of(tag), Me: views.Me{ID: "1", Email: agentMail, Role: "agent"}}
		var tickets []ticket.Ticket
		for n := range 50 {
			tickets = append(tickets, waiting(b, n, "Nguyễn Văn A", time.Duration(n)*time.Hour))
		}
		queue := views.QueueView{List: ticket.List{Tickets: tickets}, Since: now.AddDate(0, 0, -7), Until: now}
		b.Run(tag, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := views.ReviewPage(site, queue, views.QueueList(site, queue)).Render(b.Context(), io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
