package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// parseExpiry reads when something ends: a number of days or hours from now, such as 90d or 12h, or a time. Empty is never, the
// zero time.
func parseExpiry(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		life, ok := parseLifetime(text)
		if !ok {
			return at, fmt.Errorf("--expires: %q is neither a number of days or hours, such as 90d or 12h, nor a time such as 2027-01-31T00:00:00Z", text)
		}
		at = now.Add(life)
	}
	if !at.After(now) {
		return at, fmt.Errorf("--expires: %s is over", at.Format(time.RFC3339))
	}
	return at, nil
}

// parseLifetime reads a number of days or hours, up to 100 years.
func parseLifetime(text string) (time.Duration, bool) {
	for suffix, unit := range map[string]time.Duration{"d": 24 * time.Hour, "h": time.Hour} {
		if number, ok := strings.CutSuffix(text, suffix); ok {
			n, err := strconv.ParseUint(number, 10, 32)
			life := time.Duration(n) * unit
			return life, err == nil && n <= uint64(100*365*24*time.Hour/unit)
		}
	}
	return 0, false
}
