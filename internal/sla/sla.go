// Package sla says how long tickets may wait: in time, or in the hours in which people work.
package sla

import "time"

// SLA is how long a ticket may wait. The zero SLA promises nothing.
type SLA struct {
	Warn  time.Duration // from here on it should be decided soon; 0: never
	Late  time.Duration // from here on it is late; 0: never
	Hours Hours         // in which time counts; none: all hours
}

// Level is how far the wait of a ticket is.
type Level string

// The levels. In words of people: in time, soon late, late.
const (
	InTime Level = "short"
	Soon   Level = "long"
	Late   Level = "late"
)

// IsZero reports whether nothing is promised.
func (s SLA) IsZero() bool { return s.Warn == 0 && s.Late == 0 }

// AllHours reports whether all hours count, so that what is promised is a length of time.
func (s SLA) AllHours() bool { return len(s.Hours.spans) == 0 }

// LevelOf is the level at now of a ticket that waits since a time; InTime when nothing is promised.
func (s SLA) LevelOf(since, now time.Time) Level {
	switch {
	case s.Late > 0 && !since.After(s.reached(s.Late, now)):
		return Late
	case s.Warn > 0 && !since.After(s.reached(s.Warn, now)):
		return Soon
	}
	return InTime
}

// LateBefore is the time of which a ticket is late at now that waits since then or longer; zero when none ever is.
func (s SLA) LateBefore(now time.Time) time.Time {
	if s.Late == 0 {
		return time.Time{}
	}
	return s.reached(s.Late, now)
}

// reached is since when a ticket waits at now that has waited for so long.
func (s SLA) reached(waited time.Duration, now time.Time) time.Time {
	if len(s.Hours.spans) == 0 {
		return now.Add(-waited)
	}
	return s.Hours.before(now, waited)
}
