package formfile

import (
	"math"
	"strconv"
	"strings"

	"docket/internal/form"
)

const million = 1_000_000

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

// readSecondLook reads how many of a million decided tickets are looked at again, from a share such as 5% or 0.5%.
func (r *reader) readSecondLook(m mapping) int {
	text := r.readText(m, "second_look")
	if text == "" {
		return 0
	}
	number, percent := strings.CutSuffix(text, "%")
	share, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if !percent || err != nil || !(share >= 0 && share <= 100) {
		r.addMistake(m.entries["second_look"].value, "\"second_look\" must be a share of the decided tickets from 0%% to 100%%, such as 5%%, not %q", text)
		return 0
	}
	return int(math.Round(share / 100 * million))
}
