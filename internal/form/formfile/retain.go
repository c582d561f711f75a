package formfile

import (
	"regexp"
	"strconv"
	"sync"

	"docket/internal/form"
)

const maxPeriod = 36_500 // days: a hundred years

var period = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([1-9][0-9]{0,4})([dwmy])$`) })

// readRetain reads how long what was sent is kept. A ticket whose approval was taken back is kept as a rejected one, unless the file
// says otherwise.
func (r *reader) readRetain(m mapping) form.Retain {
	at, ok := m.entries["retain"]
	if !ok {
		return form.Retain{}
	}
	times, ok := r.readObject(at.value, "retain")
	if !ok {
		return form.Retain{}
	}
	kept := form.Retain{
		Approved: r.readPeriod(times, "approved"), Rejected: r.readPeriod(times, "rejected"),
		Withdrawn: r.readPeriod(times, "withdrawn"), Revoked: r.readPeriod(times, "revoked"), Drafts: r.readPeriod(times, "drafts"),
	}
	if _, given := times.entries["revoked"]; !given {
		kept.Revoked = kept.Rejected
	}
	return kept
}

// minArchiveDays is the shortest time for which closed tickets stay at hand: so long a repeated submission finds its ticket.
const minArchiveDays = 90

// readArchiveAfter reads how long after they were closed tickets go to the archive; zero: never.
func (r *reader) readArchiveAfter(m mapping) form.Period {
	after := r.readPeriod(m, "archive_after")
	if after != (form.Period{}) && after.Years == 0 && 30*after.Months+after.Days < minArchiveDays {
		r.addMistake(m.entries["archive_after"].value, "\"archive_after\" must be at least %dd: so long a repeated submission finds its ticket", minArchiveDays)
	}
	return after
}

// readPeriod reads an optional period, such as 30d or 5y; zero when there is none.
func (r *reader) readPeriod(m mapping, key string) form.Period {
	text := r.readText(m, key)
	if text == "" {
		return form.Period{}
	}
	parts := period().FindStringSubmatch(text)
	if parts == nil {
		r.addMistake(m.entries[key].value, "%q must be a number of days (d), weeks (w), months (m) or years (y), such as 30d or 5y, not %q", key, text)
		return form.Period{}
	}
	number, _ := strconv.Atoi(parts[1]) // five digits at most
	read, days := form.Period{}, number
	switch parts[2] {
	case "d":
		read.Days = number
	case "w":
		read.Days, days = 7*number, 7*number
	case "m":
		read.Months, days = number, 30*number
	case "y":
		read.Years, days = number, 365*number
	}
	if days > maxPeriod {
		r.addMistake(m.entries[key].value, "%q is longer than a hundred years; delete the line to keep them for ever", key)
	}
	return read
}
