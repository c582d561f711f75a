package formfile

import (
	"math"
	"strconv"
	"strings"

	"docket/internal/form"
)

// readSecondApproval reads of which tickets two people have to think the same, nil when the file does not say, and whether one of the two
// may be a program.
func (r *reader) readSecondApproval(m mapping) (when *form.Condition, firstByProgram bool) {
	at, given := m.entries["second_approval"]
	if !given {
		return nil, false
	}
	second, ok := r.readObject(at.value, "second_approval")
	if !ok || r.readRequired(second, "when") == "" {
		return nil, false
	}
	return r.readPlainCondition(second), r.readWord(second, "first", "agents", "agents", "anyone") == "anyone"
}

// readSecondLook reads which share of decided tickets is drawn for a second look; 0 when the file does not say.
func (r *reader) readSecondLook(m mapping) float64 {
	text := r.readText(m, "second_look")
	if text == "" {
		return 0
	}
	number, isPercent := strings.CutSuffix(text, "%")
	percent, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if !isPercent || err != nil || math.IsNaN(percent) || percent < 0 || percent > 100 {
		r.addMistake(m.entries["second_look"].value, "\"second_look\" must be a share from 0%% to 100%%, such as 5%%, not %q", text)
		return 0
	}
	return percent / 100
}
