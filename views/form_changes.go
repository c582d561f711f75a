package views

import (
	"time"

	"docket/internal/form/formdiff"
)

// FormChanges are the differences between the form and the one before it.
type FormChanges struct {
	Before  time.Time // since when the one before is kept; zero: there is none
	Changes []formdiff.Change
}

// of are the changes for one audience.
func (c FormChanges) of(audience formdiff.Audience) []formdiff.Change {
	var list []formdiff.Change
	for _, change := range c.Changes {
		if change.For == audience {
			list = append(list, change)
		}
	}
	return list
}
