package formfile

import (
	"regexp"
	"strconv"
	"sync"
	"time"

	"docket/internal/sla"
)

var waitPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([1-9][0-9]{0,3})([mhd])$`) })

// readSLA reads how long tickets may wait; zone is that of the form.
func (r *reader) readSLA(m mapping, zone *time.Location) (read sla.SLA) {
	at, ok := m.entries["sla"]
	if !ok {
		return read
	}
	times, ok := r.readObject(at.value, "sla")
	if !ok {
		return read
	}
	read.Warn, read.Late = r.readWait(times, "warn"), r.readWait(times, "late")
	_, warns := times.entries["warn"]
	_, isLate := times.entries["late"]
	switch {
	case !warns && !isLate:
		r.addMistake(at.value, `"sla" needs "late" or "warn", such as {warn: 8h, late: 24h}`)
	case read.Late > 0 && read.Warn >= read.Late:
		r.addMistake(times.entries["warn"].value, `"warn" must be shorter than "late"`)
	}
	if text := r.readText(times, "hours"); text != "" {
		hours, err := sla.ParseHours(text, zone)
		if read.Hours = hours; err != nil {
			r.addMistake(times.entries["hours"].value, `"hours" must be days and hours that do not overlap, such as "Mon-Fri 08:00-18:00, Sat 09:00-12:00", not %q`, text)
		}
	}
	return read
}

// readWait reads an optional length of time, such as 8h; zero when there is none.
func (r *reader) readWait(m mapping, key string) time.Duration {
	text := r.readText(m, key)
	if text == "" {
		return 0
	}
	parts := waitPattern().FindStringSubmatch(text)
	if parts == nil {
		r.addMistake(m.entries[key].value, "%q must be a number of minutes (m), hours (h) or days (d), such as 8h, not %q", key, text)
		return 0
	}
	n, _ := strconv.Atoi(parts[1]) // four digits
	return time.Duration(n) * map[string]time.Duration{"m": time.Minute, "h": time.Hour, "d": 24 * time.Hour}[parts[2]]
}
