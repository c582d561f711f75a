package pages

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"mime"
	"net/http"
	"time"

	"docket/internal/audit"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/listing"
	"docket/web/problem"
	"docket/web/request"
)

const (
	exportMost = 10_000 // tickets in a file
	exportPage = 500    // tickets that are read at once: no connection to a database is held while they are sent
)

// Export sends the tickets of a list as a file of comma-separated values, without files. Each part is recorded before it is sent. A
// file with too few tickets says so in its last line; one whose tickets cannot be read to the end is broken off.
func (p *Pages) Export(w http.ResponseWriter, r *http.Request) error {
	q, view, err := p.parseQueue(r)
	if err != nil {
		return err
	}
	if len(view.Invalid) > 0 {
		return problem.ErrQuery
	}
	if q.Place, err = p.placeOf(r.Context(), request.Account(r).ID, view.Filter); err != nil {
		return err
	}
	e := export{pages: p, w: w, r: r, view: view}
	q.Limit = exportPage
	err = e.sendAll(q)
	if err != nil && e.begun {
		p.Log.Warn("an export was broken off", "request_id", request.RecordOf(r.Context()).ID, "error", err)
		panic(http.ErrAbortHandler) // so that nobody takes the part for the whole
	}
	return err
}

// export is the answer to a request for a file.
type export struct {
	pages *Pages
	w     http.ResponseWriter
	r     *http.Request
	view  views.QueueView
	begun bool // the first part is sent
}

// sendAll sends the list, a part at a time.
func (e *export) sendAll(q ticket.Query) error {
	for sent := 0; ; {
		list, err := e.read(q)
		if err != nil {
			return err
		}
		if err := e.send(list.Tickets); err != nil {
			return err
		}
		if sent += len(list.Tickets); list.Next.IsZero() {
			return nil
		}
		if sent >= exportMost {
			return e.write([][]string{{e.pages.words(e.r).T("export.more", "Count", exportMost)}})
		}
		q.After = list.Next
	}
}

// context is one for a read of the next part, however long the parts before took to send.
func (e *export) context() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(e.r.Context()), request.Timeout)
}

// read reads a part of the list, as the queue shows it.
func (e *export) read(q ticket.Query) (list ticket.List, err error) {
	ctx, cancel := e.context()
	defer cancel()
	desk := e.pages.Desk
	switch {
	case e.view.Filter.Search != "":
		list, err = desk.Search(ctx, searchOf(q, e.view.Filter))
	case e.view.AnyStatus:
		list, err = desk.TicketsOf(ctx, q.UserID, q.Page)
	default:
		list, err = desk.Queue(ctx, listing.UpToNow(q, e.view.Filter))
	}
	if err != nil {
		return list, err
	}
	pending, err := desk.Pending(ctx, request.Account(e.r).ID, ticketIDs(list.Tickets)...)
	list.Tickets = withoutPending(list.Tickets, pending)
	return list, err
}

// send records tickets and sends them, the first ones after the names of the columns.
func (e *export) send(tickets []ticket.Ticket) error {
	ctx, cancel := e.context()
	defer cancel()
	entry := request.NewEntry(e.r, audit.Exported, "")
	entry.Count = int64(len(tickets))
	names, err := e.pages.emailsOf(ctx, decidersOf(tickets))
	if err != nil {
		return err
	}
	if err := e.pages.Audit.RecordNow(ctx, entry); err != nil {
		return err
	}
	site := e.pages.siteOf(e.r.WithContext(ctx), tickets...)
	var rows [][]string
	if !e.begun {
		rows = append(rows, views.ExportColumns(site))
	}
	for _, t := range tickets {
		rows = append(rows, views.ExportRow(site, names, t))
	}
	return e.write(rows)
}

// write sends rows, the first ones after the headers.
func (e *export) write(rows [][]string) error {
	var b bytes.Buffer
	if !e.begun {
		e.begun = true
		b.WriteString("\ufeff") // without it Excel does not read UTF-8
		h := e.w.Header()
		h.Set("Content-Type", "text/csv; charset=utf-8; header=present")
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": e.name()}))
		h.Set("Cache-Control", "private, no-store")
		e.w.WriteHeader(http.StatusOK)
	}
	lines := csv.NewWriter(&b)
	lines.UseCRLF = true
	for _, row := range rows {
		for i := range row {
			row[i] = views.WithoutFormula(row[i])
		}
	}
	if err := lines.WriteAll(rows); err != nil {
		return err
	}
	control := http.NewResponseController(e.w)
	_ = control.SetWriteDeadline(time.Now().Add(request.SendTime(int64(b.Len())))) // where there is one
	if _, err := e.w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("send an export: %w", err)
	}
	return control.Flush()
}

// name is the name of the file: what it has and when it was made.
func (e *export) name() string {
	what := string(e.view.Filter.Status)
	if e.view.Filter.Search != "" || e.view.AnyStatus {
		what = "tickets"
	}
	return what + "-" + e.pages.Now().UTC().Format("20060102-150405") + ".csv"
}
