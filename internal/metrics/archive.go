package metrics

// CountArchived counts tickets that were moved to the archive.
func (m *Metrics) CountArchived(tickets int64) { m.archived.Add(float64(tickets)) }

// CountNotArchived counts tickets whose move to the archive was refused.
func (m *Metrics) CountNotArchived(tickets int64) { m.notArchived.Add(float64(tickets)) }
