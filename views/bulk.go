package views

import (
	"encoding/base64"
	"net/url"
	"slices"
	"time"

	"github.com/google/uuid"

	"docket/internal/form"
	"docket/internal/ticket"
)

// What an agent may do with several tickets together.
const (
	BulkApprove  = "approve"
	BulkReject   = "reject"
	BulkHandOver = "handover"
	BulkUndo     = "undo"
)

// BulkNames lists what an agent may do with several tickets.
var BulkNames = []string{BulkApprove, BulkReject, BulkHandOver, BulkUndo}

// BulkWhy says why something was not done with a ticket.
type BulkWhy string

// The reasons.
const (
	BulkUnknown    BulkWhy = "unknown"     // there is no such ticket
	BulkClosed     BulkWhy = "closed"      // it was closed otherwise
	BulkPending    BulkWhy = "pending"     // another decision is pending
	BulkOwn        BulkWhy = "own"         // it is the agent's own
	BulkHeld       BulkWhy = "held"        // a colleague has it
	BulkHandedOver BulkWhy = "handed_over" // it was handed over to somebody else
	BulkAsks       BulkWhy = "asks"        // its approval is asked what has to be typed
	BulkNoRow      BulkWhy = "no_row"      // it has not the row that it was to be rejected for
	BulkNotSaved   BulkWhy = "not_saved"   // it may be tried again
)

// BulkView is what became of tickets on which an agent worked together.
type BulkView struct {
	Do         string // one of BulkNames; empty: nothing
	Row        string // of a rejection: the row of a group that it is for, such as "owners.1"; empty: all at which its reason points
	Reason, To string // as the agent typed them
	Problem    string // why nothing was done; empty: it was
	Results    []BulkResult
}

// BulkResult is what became of one ticket.
type BulkResult struct {
	Ticket  ticket.Ticket // has only an id if it is unknown
	Done    bool
	Pending bool          // it can be undone yet
	Left    time.Duration // how long
	Why     BulkWhy       // it was not done
	By      string        // who closed or holds it
}

// BulkIDLength is how many characters of base64 an id has in a BulkPath.
const BulkIDLength = 22

// BulkPath is what became of these tickets. A hundred ids as usual would be too long: nginx refuses an answer with more than 4 KiB of headers.
func BulkPath(view BulkView, ids []uuid.UUID) string {
	var text []byte
	for _, id := range ids {
		text = base64.RawURLEncoding.AppendEncode(text, id[:])
	}
	query := url.Values{"do": {view.Do}, "ids": {string(text)}}
	if view.Do == BulkReject && view.Row != "" {
		query.Set("row", view.Row)
	}
	return withQuery(BulkWorkPath, query)
}

// BulkStatus is the status that tickets get by what is done with them; empty: they stay open.
func BulkStatus(do string) ticket.Status {
	switch do {
	case BulkApprove:
		return ticket.Approved
	case BulkReject:
		return ticket.Rejected
	}
	return ""
}

// count is with how many tickets it was done, and with how many not.
func (v BulkView) count() (done, not int) {
	for _, r := range v.Results {
		if r.Done {
			done++
		} else {
			not++
		}
	}
	return done, not
}

// undoable are the tickets whose decision can be undone yet, and how long all of them can.
func (v BulkView) undoable() (ids []uuid.UUID, left time.Duration) {
	for _, r := range v.Results {
		if !r.Pending {
			continue
		}
		if len(ids) == 0 || r.Left < left {
			left = r.Left
		}
		ids = append(ids, r.Ticket.ID)
	}
	return ids, left
}

// sorted has what was not done first.
func (v BulkView) sorted() []BulkResult {
	results := slices.Clone(v.Results)
	slices.SortStableFunc(results, func(a, b BulkResult) int {
		switch {
		case a.Done == b.Done:
			return 0
		case b.Done:
			return -1
		}
		return 1
	})
	return results
}

// title says in a line what was done.
func (v BulkView) title(site Site) string {
	done, not := v.count()
	if v.Problem != "" || v.Do == "" || len(v.Results) == 0 {
		return site.T("bulk.nothing")
	}
	title := site.T("bulk.done."+v.Do, "Count", done)
	if not > 0 {
		title += ", " + site.T("bulk.not", "Count", not)
	}
	return title
}

// picks reports whether tickets of the list can be chosen to work on them together.
func (q QueueView) picks() bool { return q.Filter.status().Open() && !q.mixed() && !q.Disagreed }

// bulkReasons are the reasons that need no words of the agent.
func bulkReasons(f *form.Form) []form.Reason {
	return slices.DeleteFunc(slices.Clone(f.Reasons), func(r form.Reason) bool { return r.Text == "" })
}

// bulkRows are the rows of groups that tickets can be rejected for alone, each with its name and its title.
func bulkRows(site Site) (rows [][2]string) {
	groups := rejectGroups(site.Form)
	for _, group := range groups {
		for place := range group.Many {
			title := group.RowLabel(place, site.words())
			if len(groups) > 1 {
				title = group.Label + ": " + title
			}
			rows = append(rows, [2]string{form.RowName(group.Name, place), title})
		}
	}
	return rows
}

// rowsChosen is the row that tickets were rejected for; none if all were.
func (v BulkView) rowsChosen() []string {
	if v.Row == "" {
		return nil
	}
	return []string{v.Row}
}

// bulkWhyText says why something was not done with a ticket.
func bulkWhyText(site Site, r BulkResult) string {
	if r.Why == BulkClosed && r.By == "" { // a withdrawal: the history alone has who it was
		return site.statusName(r.Ticket.Status)
	}
	return site.T("bulk.why."+string(r.Why), "Agent", r.By, "Status", site.statusName(r.Ticket.Status))
}
