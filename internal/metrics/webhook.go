package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// webhooks counts what is sent to other systems.
type webhooks struct {
	attempts                     *prometheus.CounterVec
	off, waiting, oldest, behind prometheus.Gauge
}

func newWebhooks() webhooks {
	w := webhooks{
		attempts: newCounters("docket_webhook_attempts_total", "Attempts to send an event to a webhook, by outcome; one that failed is tried again.", "outcome"),
		off:      newGauge("docket_webhooks_off", "How many webhooks were switched off, because they failed for five days or their receiver said that it is gone."),
		waiting:  newGauge("docket_webhook_waiting", "How many events wait to be sent again to a webhook that is on."),
		oldest:   newGauge("docket_webhook_oldest_waiting_seconds", "How long the oldest of those has waited; 0 when none does."),
		behind:   newGauge("docket_webhook_behind", "How many events, at most, the webhook that is furthest behind has not been sent yet."),
	}
	for _, outcome := range []string{"delivered", "failed", "given_up"} {
		w.attempts.WithLabelValues(outcome)
	}
	return w
}

func (w webhooks) collectors() []prometheus.Collector {
	return []prometheus.Collector{w.attempts, w.off, w.waiting, w.oldest, w.behind}
}

// CountWebhook counts an attempt to send an event by its outcome: delivered, failed or given_up.
func (m *Metrics) CountWebhook(outcome string) { m.webhooks.attempts.WithLabelValues(outcome).Inc() }

// SetWebhooks records how many webhooks are switched off, how many events wait for the others and how long, and how far one is behind.
func (m *Metrics) SetWebhooks(off, waiting, behind int64, oldest time.Duration) {
	m.webhooks.off.Set(float64(off))
	m.webhooks.waiting.Set(float64(waiting))
	m.webhooks.behind.Set(float64(behind))
	m.webhooks.oldest.Set(oldest.Seconds())
}
