package migrations

import (
	"bytes"
	"context"
	"database/sql"
	"io/fs"
)

// filesFor returns the migrations as a database takes them: a partitioned table refuses indexes that are built CONCURRENTLY.
func filesFor(ctx context.Context, db *sql.DB) (fs.FS, error) {
	var parts int
	if err := db.QueryRowContext(ctx, countPartitions).Scan(&parts); err != nil || parts == 0 {
		return Files, err
	}
	return lockingFiles{Files}, nil
}

// lockingFiles are the migrations, but indexes are built while nobody else writes.
type lockingFiles struct{ fs.FS }

// Open implements fs.FS.
func (l lockingFiles) Open(name string) (fs.File, error) {
	file, err := l.FS.Open(name)
	if err != nil {
		return nil, err
	}
	text, err := fs.ReadFile(l.FS, name)
	if err != nil {
		return file, nil // a folder
	}
	return lockingFile{file, bytes.NewReader(bytes.ReplaceAll(text, []byte("INDEX CONCURRENTLY"), []byte("INDEX")))}, nil
}

type lockingFile struct {
	fs.File
	text *bytes.Reader
}

// Read implements fs.File.
func (f lockingFile) Read(b []byte) (int, error) { return f.text.Read(b) }
