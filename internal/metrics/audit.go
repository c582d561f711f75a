package metrics

// RegisterAction starts the count of an action at zero, so that the first one is an increase.
func (m *Metrics) RegisterAction(action string) { m.audited.WithLabelValues(action) }

// CountAudit counts an entry of the audit.
func (m *Metrics) CountAudit(action string) { m.audited.WithLabelValues(action).Inc() }

// CountBurst counts that an agent saw more in a minute than a person can read.
func (m *Metrics) CountBurst() { m.bursts.Inc() }
