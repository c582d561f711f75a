package formfile

import (
	"strconv"

	"docket/internal/form"
)

// readSecondApproval reads of which tickets two people have to think the same; nil when the file does not say.
func (r *reader) readSecondApproval(m mapping) *form.Condition {
	at, given := m.entries["second_approval"]
	if !given {
		return nil
	}
	second, ok := r.readMapping(at.value, strconv.Quote("second_approval"), "when")
	if !ok || r.readRequired(second, "when") == "" {
		return nil
	}
	return r.readQueueCondition(second)
}
