package metrics

// CountUpload counts an upload by its outcome, and the bytes that were stored.
func (m *Metrics) CountUpload(outcome string, bytes int64) {
	m.uploads.WithLabelValues(outcome).Inc()
	m.uploaded.Add(float64(bytes))
}

// CountStorageError counts an operation of the file storage that failed: store, read or remove.
func (m *Metrics) CountStorageError(doing string) { m.storage.WithLabelValues(doing).Inc() }
