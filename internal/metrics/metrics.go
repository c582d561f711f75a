// Package metrics counts what docket does, for Prometheus, on a registry of its own.
package metrics

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// Metrics counts for one instance.
type Metrics struct {
	registry    *prometheus.Registry
	requests    *prometheus.HistogramVec
	inFlight    prometheus.Gauge
	unavailable *prometheus.CounterVec
	decisions   *prometheus.CounterVec
	submissions *prometheus.CounterVec
	unknown     *prometheus.CounterVec
	uploads     *prometheus.CounterVec
	uploaded    prometheus.Counter
	storage     *prometheus.CounterVec
	rules       *prometheus.CounterVec
	audited     *prometheus.CounterVec
	bursts      prometheus.Counter
	archived    prometheus.Counter
	notArchived prometheus.Counter
	mails       *prometheus.CounterVec
	mailWaiting prometheus.Gauge
	mailOldest  prometheus.Gauge
	listening   prometheus.Gauge
	webhooks    webhooks
	oldest      prometheus.Gauge
	late        prometheus.Gauge
	mu          sync.RWMutex // guards kinds
	kinds       map[requestKind]prometheus.Observer
}

// requestKind is what the metrics distinguish requests by.
type requestKind struct {
	pattern string
	status  int
}

// New returns Metrics that start at zero.
func New() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(), kinds: map[requestKind]prometheus.Observer{},
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "docket_request_seconds", Help: "How long requests took, by route; its count is the number of requests.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"route", "method", "status"}),
		inFlight:    newGauge("docket_requests_in_flight", "How many requests are being answered, event streams among them."),
		unavailable: newCounters("docket_unavailable_total", "How often the answer was 503, by the code in it.", "code"),
		decisions:   newCounters("docket_decisions_total", "Attempts to decide a ticket, by outcome.", "outcome"),
		submissions: newCounters("docket_submissions_total", "Attempts to submit a ticket, by outcome.", "outcome"),
		unknown:     newCounters("docket_unknown_outcomes_total", "Writes that may or may not have been committed.", "write"),
		uploads:     newCounters("docket_uploads_total", "Uploads, by outcome.", "outcome"),
		uploaded:    prometheus.NewCounter(prometheus.CounterOpts{Name: "docket_uploaded_bytes_total", Help: "Bytes of files that were kept."}),
		storage:     newCounters("docket_storage_errors_total", "Operations of the file storage that failed.", "doing"),
		rules:       newCounters("docket_rule_failures_total", "Evaluations of a rule that failed; the rule then decided nothing.", "rule"),
		audited:     newCounters("docket_audit_entries_total", "What was recorded in the audit, by action.", "action"),
		archived:    prometheus.NewCounter(prometheus.CounterOpts{Name: "docket_archived_tickets_total", Help: "Tickets that were moved to the archive."}),
		notArchived: prometheus.NewCounter(prometheus.CounterOpts{Name: "docket_archive_refused_total", Help: "Tickets that are due for the archive and could not be moved; one is counted again in each sweep."}),
		bursts:      prometheus.NewCounter(prometheus.CounterOpts{Name: "docket_view_bursts_total", Help: "How often an agent saw more in a minute than a person can read."}),
		mails:       newCounters("docket_mails_total", "Attempts to send an e-mail, by outcome; one that failed is tried again.", "outcome"),
		mailWaiting: newGauge("docket_mail_waiting", "How many e-mails wait to be sent."),
		mailOldest:  newGauge("docket_mail_oldest_waiting_seconds", "How long the oldest e-mail has waited to be sent; 0 when none does."),
		listening:   newGauge("docket_listener_connected", "1 while the instance receives the changes of other instances."),
		oldest:      newGauge("docket_oldest_waiting_seconds", "The age of the oldest ticket that waits for a decision; 0 when none does."),
	}
	m.webhooks = newWebhooks()
	m.registry.MustRegister(m.webhooks.collectors()...)
	m.late = newGauge("docket_late_waiting_tickets", "How many tickets wait for a decision for longer than the form's sla promises, at most 1001; 0 when it promises nothing.")
	m.registry.MustRegister(m.late, m.requests, m.inFlight, m.unavailable, m.decisions, m.submissions, m.unknown, m.uploads, m.uploaded, m.storage, m.rules, m.audited, m.bursts, m.archived, m.notArchived, m.mails, m.mailWaiting, m.mailOldest, m.listening, m.oldest,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, code := range []string{"overloaded", "unavailable"} {
		m.unavailable.WithLabelValues(code) // so that the first one is an increase
	}
	for _, write := range []string{"decide", "postpone", "submit", "withdraw"} {
		m.unknown.WithLabelValues(write)
	}
	for _, outcome := range []string{"sent", "failed", "given_up"} {
		m.mails.WithLabelValues(outcome)
	}
	for _, doing := range []string{"store", "read", "remove"} {
		m.storage.WithLabelValues(doing)
	}
	return m
}

func newGauge(name, help string) prometheus.Gauge {
	return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
}

func newCounters(name, help, label string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, []string{label})
}

// RequestStarted counts a request in flight. RequestDone must follow.
func (m *Metrics) RequestStarted() { m.inFlight.Inc() }

// RequestDone counts a request by the pattern of its route, which is empty for none. It does not use the request's own
// path and method, as these may have any number of values.
func (m *Metrics) RequestDone(pattern string, status int, took time.Duration) {
	m.inFlight.Dec()
	m.requestObserver(pattern, status).Observe(took.Seconds())
}

// requestObserver returns the histogram of a kind of request; it is remembered, because to look it up by labels is slow.
func (m *Metrics) requestObserver(pattern string, status int) prometheus.Observer {
	k := requestKind{pattern, status}
	m.mu.RLock()
	known, ok := m.kinds[k]
	m.mu.RUnlock()
	if ok {
		return known
	}
	method, route, ok := strings.Cut(pattern, " ")
	if !ok {
		method, route = "any", "none"
	}
	known = m.requests.WithLabelValues(route, method, strconv.Itoa(status))
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kinds[k] = known
	return known
}

// RegisterRule starts the count of a rule's failures at zero, so that the first failure is an increase.
func (m *Metrics) RegisterRule(name string) { m.rules.WithLabelValues(name) }

// CountRuleFailure counts an evaluation of a rule that failed.
func (m *Metrics) CountRuleFailure(rule string) { m.rules.WithLabelValues(rule).Inc() }

// CountUnavailable counts an answer if its status is 503.
func (m *Metrics) CountUnavailable(status int, code string) {
	if status == http.StatusServiceUnavailable {
		m.unavailable.WithLabelValues(code).Inc()
	}
}

// SetListening records whether the instance receives the changes of others.
func (m *Metrics) SetListening(connected bool) {
	m.listening.Set(map[bool]float64{true: 1}[connected])
}
