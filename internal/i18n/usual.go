package i18n

import "time"

// Usual says within what time tickets are usually decided, in whole minutes, hours or days; empty when that is not known.
func (w *Words) Usual(usual time.Duration) string {
	switch {
	case usual <= 0:
		return ""
	case usual < time.Hour:
		return w.T("usual.minutes", "Count", int(usual/time.Minute))
	case usual < day:
		return w.T("usual.hours", "Count", int(usual/time.Hour))
	}
	return w.T("usual.days", "Count", int(usual/day))
}
