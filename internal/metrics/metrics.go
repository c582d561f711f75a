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

// Metrics is what one instance has counted.
type Metrics struct {
	registry    *prometheus.Registry
	requests    *prometheus.HistogramVec
	flying      prometheus.Gauge
	refused     *prometheus.CounterVec
	decisions   *prometheus.CounterVec
	submissions *prometheus.CounterVec
	unknown     *prometheus.CounterVec
	uploads     *prometheus.CounterVec
	uploaded    prometheus.Counter
	storage     *prometheus.CounterVec
	rules       *prometheus.CounterVec
	listening   prometheus.Gauge
	oldest      prometheus.Gauge
	mu          sync.RWMutex // guards kinds
	kinds       map[kind]prometheus.Observer
}

// kind is what requests are told apart by.
type kind struct {
	pattern string
	status  int
}

// New is an instance that has counted nothing yet.
func New() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(), kinds: map[kind]prometheus.Observer{},
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "docket_request_seconds", Help: "How long requests took, by route; its count is the number of requests.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"route", "method", "status"}),
		flying:      gauge("docket_requests_in_flight", "How many requests are being answered, event streams among them."),
		refused:     counters("docket_unavailable_total", "How often the answer was 503, by the code in it.", "code"),
		decisions:   counters("docket_decisions_total", "Decisions that somebody tried, by what became of them.", "outcome"),
		submissions: counters("docket_submissions_total", "Submissions that somebody tried, by what became of them.", "outcome"),
		unknown:     counters("docket_unknown_outcomes_total", "Writes that may or may not have been committed.", "write"),
		uploads:     counters("docket_uploads_total", "Files that somebody sent, by what became of them.", "outcome"),
		uploaded:    prometheus.NewCounter(prometheus.CounterOpts{Name: "docket_uploaded_bytes_total", Help: "Bytes of files that were kept."}),
		storage:     counters("docket_storage_errors_total", "What the file storage could not do.", "doing"),
		rules:       counters("docket_rule_failures_total", "Rules that could not be tried on a submission and so decided nothing.", "rule"),
		listening:   gauge("docket_listener_connected", "1 while the changes of other instances are heard."),
		oldest:      gauge("docket_oldest_waiting_seconds", "The age of the oldest ticket that waits for a decision; 0 when none does."),
	}
	m.registry.MustRegister(m.requests, m.flying, m.refused, m.decisions, m.submissions, m.unknown, m.uploads, m.uploaded, m.storage, m.rules, m.listening, m.oldest,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, code := range []string{"overloaded", "unavailable"} {
		m.refused.WithLabelValues(code) // so that the first one is an increase
	}
	for _, write := range []string{"decide", "submit", "withdraw"} {
		m.unknown.WithLabelValues(write)
	}
	for _, doing := range []string{"store", "read", "remove"} {
		m.storage.WithLabelValues(doing)
	}
	return m
}

func gauge(name, help string) prometheus.Gauge {
	return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
}

func counters(name, help, label string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, []string{label})
}

// Began counts a request that is to be answered.
func (m *Metrics) Began() { m.flying.Inc() }

// Answered counts a request by the pattern of its route, which is one of few; empty for none. Its own address and
// method, which anybody may make up, are not counted by.
func (m *Metrics) Answered(pattern string, status int, took time.Duration) {
	m.flying.Dec()
	m.kind(pattern, status).Observe(took.Seconds())
}

// kind is where requests of a kind are counted. It is found again without spelling its labels out each time.
func (m *Metrics) kind(pattern string, status int) prometheus.Observer {
	k := kind{pattern, status}
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

// Rule is one that may fail. It is counted from zero, so that its first failure is an increase.
func (m *Metrics) Rule(name string) { m.rules.WithLabelValues(name) }

// RuleFailed counts a rule that could not be tried.
func (m *Metrics) RuleFailed(rule string) { m.rules.WithLabelValues(rule).Inc() }

// Refused counts an answer with the status 503.
func (m *Metrics) Refused(status int, code string) {
	if status == http.StatusServiceUnavailable {
		m.refused.WithLabelValues(code).Inc()
	}
}

// Listening notes whether the changes of other instances are heard.
func (m *Metrics) Listening(heard bool) {
	m.listening.Set(map[bool]float64{true: 1}[heard])
}
