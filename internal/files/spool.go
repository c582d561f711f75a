package files

import (
	"bytes"
	"io"
	"os"

	"docket/internal/ticket"
)

// spool holds an upload while it arrives: at first in memory, then in a temporary file. That has no name, where the system can do
// so, and is gone whatever happens.
type spool struct {
	files  *Files
	user   string
	memory bytes.Buffer
	file   *os.File // nil: all is in memory
	named  bool     // the file has a name, because the system removes no open file
	size   int64
}

// Write implements io.Writer. It returns ticket.ErrOverloaded when the user, or all users together, have too much under way, and
// ErrStorage when the temporary file cannot be written.
func (s *spool) Write(p []byte) (int, error) {
	if s.file == nil {
		if s.size+int64(len(p)) <= maxInMemory && s.files.memory.reserve(s.user, int64(len(p))) {
			s.size += int64(len(p))
			return s.memory.Write(p)
		}
		if err := s.openFile(); err != nil {
			return 0, err
		}
	}
	if !s.files.disk.reserve(s.user, int64(len(p))) {
		return 0, ticket.ErrOverloaded
	}
	s.size += int64(len(p))
	n, err := s.file.Write(p)
	if err != nil {
		return n, s.files.storageError("spool", err)
	}
	return n, nil
}

// openFile moves to the temporary file what is in memory.
func (s *spool) openFile() error {
	if !s.files.disk.reserve(s.user, s.size) {
		return ticket.ErrOverloaded
	}
	file, err := os.CreateTemp("", "docket-upload-*")
	if err != nil {
		s.files.disk.release(s.user, s.size)
		return s.files.storageError("spool", err)
	}
	s.file, s.named = file, os.Remove(file.Name()) != nil
	s.files.memory.release(s.user, s.size)
	if _, err := file.Write(s.memory.Bytes()); err != nil {
		return s.files.storageError("spool", err)
	}
	s.memory = bytes.Buffer{}
	return nil
}

// bytes reads all of it into memory.
func (s *spool) bytes() ([]byte, error) {
	if s.file == nil {
		return s.memory.Bytes(), nil
	}
	data := make([]byte, s.size)
	if _, err := io.ReadFull(io.NewSectionReader(s.file, 0, s.size), data); err != nil {
		return nil, s.files.storageError("spool", err)
	}
	return data, nil
}

// close gives everything back. It may be called again.
func (s *spool) close() {
	taken := s.files.memory
	if s.file != nil {
		taken = s.files.disk
		_ = s.file.Close() // nobody reads it any more
		if s.named {
			_ = os.Remove(s.file.Name()) // the system may clean up what is left
			s.named = false
		}
	}
	taken.release(s.user, s.size)
	s.memory, s.size = bytes.Buffer{}, 0
}
