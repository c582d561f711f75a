package metrics

import "time"

// CountMail counts an attempt to send an e-mail by its outcome: sent, failed or given_up.
func (m *Metrics) CountMail(outcome string) { m.mails.WithLabelValues(outcome).Inc() }

// SetMailWaiting records how many e-mails wait to be sent, and how long the oldest has waited.
func (m *Metrics) SetMailWaiting(waiting int64, oldest time.Duration) {
	m.mailWaiting.Set(float64(waiting))
	m.mailOldest.Set(oldest.Seconds())
}
