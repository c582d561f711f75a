package metrics

// Uploaded counts a file that somebody sent, and its bytes when it was kept.
func (m *Metrics) Uploaded(outcome string, bytes int64) {
	m.uploads.WithLabelValues(outcome).Inc()
	m.uploaded.Add(float64(bytes))
}

// StorageFailed counts what the file storage could not do: store, read or remove.
func (m *Metrics) StorageFailed(doing string) { m.storage.WithLabelValues(doing).Inc() }
