package cli

import (
	"fmt"
	"time"

	"docket/internal/form"
)

type undoOptions struct {
	Undo *int `name:"undo-seconds" env:"UNDO_SECONDS" placeholder:"SECONDS" help:"For how many seconds an agent can undo a decision, 0 to 60; until then nobody else learns of it. Default: undo_seconds of the form."`
}

// Validate refuses a time that no form may have. Kong calls it.
func (o undoOptions) Validate() error {
	if o.Undo != nil && (*o.Undo < 0 || *o.Undo > form.MaxUndoSeconds) {
		return fmt.Errorf("UNDO_SECONDS (--undo-seconds) must be a whole number from 0 to %d", form.MaxUndoSeconds)
	}
	return nil
}

// undoTime is the time that was set; nil when none was.
func (o undoOptions) undoTime() *time.Duration {
	if o.Undo == nil {
		return nil
	}
	set := time.Duration(*o.Undo) * time.Second
	return &set
}

// undoText says when other systems see a decision, where the form has this time.
func (o undoOptions) undoText(formTime time.Duration) string {
	if set := o.undoTime(); set != nil {
		formTime = *set
	}
	if formTime == 0 {
		return "count at once"
	}
	return fmt.Sprintf("can be undone for %g s, then they count", formTime.Seconds())
}
