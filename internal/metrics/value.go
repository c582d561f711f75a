package metrics

import (
	"github.com/prometheus/client_golang/prometheus"
)

// value registers a figure that is asked for when somebody looks.
func (m *Metrics) value(name, help string, labels prometheus.Labels, now func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, now))
}

// counter registers a figure that only grows and is asked for when somebody looks.
func (m *Metrics) counter(name, help string, labels prometheus.Labels, now func() float64) {
	m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help, ConstLabels: labels}, now))
}
