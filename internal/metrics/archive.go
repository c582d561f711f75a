package metrics

// CountArchived counts tickets that were moved to the archive.
func (m *Metrics) CountArchived(tickets int64) { m.archived.Add(float64(tickets)) }
