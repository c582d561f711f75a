// Package optionlist is the options of a choice that stand in a file of their own, beside the form file: a CSV file that is
// read again when it changes.
package optionlist

import (
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Option is one answer and what people read for it.
type Option struct{ Value, Label string }

// List is the options of one file. All of its methods may be called at the same time.
type List struct {
	folder, name string
	content      atomic.Pointer[content]
	mu           sync.Mutex // guards what follows
	read, seen   stamp      // of the file as it was read last, and as it was seen last
	mistake      string     // why the file as it is now is not used; empty: it is
}

// stamp tells whether a file was changed.
type stamp struct {
	modified time.Time
	size     int64
}

// State says how a list stands.
type State struct {
	Name     string
	Count    int       // of the options in use
	Modified time.Time // when the file was changed whose options are in use
	Mistake  string    // why the file as it is now is not used; empty: it is
}

// Read reads the file of this name in the folder of a form file, or below it. When anything is wrong with it the error is a
// Mistake, or says why the file cannot be read.
func Read(folder, name string) (*List, error) {
	l := &List{folder: folder, name: name}
	src, found, err := l.readFile()
	if err != nil {
		return nil, err
	}
	parsed, err := parse(src)
	if err != nil {
		return nil, err
	}
	parsed.modified = found.modified
	l.content.Store(parsed)
	l.read, l.seen = found, found
	return l, nil
}

// readFile is the text of the file, which links do not lead out of the folder.
func (l *List) readFile() ([]byte, stamp, error) {
	root, err := os.OpenRoot(l.folder)
	if err != nil {
		return nil, stamp{}, err
	}
	defer root.Close()
	file, err := root.Open(l.name)
	if err != nil {
		return nil, stamp{}, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, stamp{}, err
	}
	if !info.Mode().IsRegular() {
		return nil, stamp{}, fmt.Errorf("%s is no file", l.name)
	}
	src, err := io.ReadAll(io.LimitReader(file, maxBytes+1))
	return src, stamp{info.ModTime(), info.Size()}, err
}

// Refresh reads the file again when it has changed and stands still: when this call and the one before have found the same. It
// returns whether anything is different now. With a mistake in it the options stay as they were.
func (l *List) Refresh() (changed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, err := l.stat()
	settled := now == l.seen
	l.seen = now
	switch {
	case err != nil:
		changed = l.mistake != err.Error()
		l.mistake, l.read = err.Error(), stamp{}
		return changed
	case !settled || now == l.read:
		return false
	}
	src, found, err := l.readFile()
	if err == nil {
		err = l.replace(src)
	}
	l.read, l.mistake = found, ""
	if err != nil {
		l.mistake = err.Error()
	}
	return true
}

func (l *List) replace(src []byte) error {
	parsed, err := parse(src)
	if err == nil {
		parsed.modified = l.seen.modified
		l.content.Store(parsed)
	}
	return err
}

func (l *List) stat() (stamp, error) {
	root, err := os.OpenRoot(l.folder)
	if err != nil {
		return stamp{}, err
	}
	defer root.Close()
	info, err := root.Stat(l.name)
	if err != nil {
		return stamp{}, err
	}
	return stamp{info.ModTime(), info.Size()}, nil
}

// Name is the file as the form file names it.
func (l *List) Name() string { return l.name }

// State says how the list stands.
func (l *List) State() State {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.content.Load()
	return State{Name: l.name, Count: len(c.rows), Modified: c.modified, Mistake: l.mistake}
}
