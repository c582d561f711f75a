package metrics

import (
	"github.com/prometheus/client_golang/prometheus"
)

// registerGauge registers a gauge that is read at each scrape.
func (m *Metrics) registerGauge(name, help string, labels prometheus.Labels, read func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, read))
}

// registerCounter registers a counter that is read at each scrape.
func (m *Metrics) registerCounter(name, help string, labels prometheus.Labels, read func() float64) {
	m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help, ConstLabels: labels}, read))
}
