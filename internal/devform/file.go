// Package devform watches the form file of docket dev: what it says is read again whenever it is saved.
package devform

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"sync"
	"time"

	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/sleep"
)

const interval = 300 * time.Millisecond // between two looks at the file

// State is what the file says now.
type State struct {
	ID       string   // another one after each save
	Mistakes []string // what is wrong in it, with line and column; none: its form is in use
}

// File is a form file that is watched. Its zero value is not usable; see Watch.
type File struct {
	path    string
	read    []byte
	mu      sync.Mutex // guards state, changed
	state   State
	changed chan struct{}
}

// Watch watches a form file, from the text on that a form was read from.
func Watch(path string, f *form.Form) *File {
	return &File{path: path, read: f.Text, state: State{ID: identify(f.Text)}, changed: make(chan struct{})}
}

// Path is where the file is.
func (f *File) Path() string { return f.path }

// State is what the file said when it was read last, and a channel that is closed when it says something else.
func (f *File) State() (State, <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state, f.changed
}

// Run reads the file again when it changes, until ctx ends. use puts each form in use that has no mistakes.
func (f *File) Run(ctx context.Context, use func(*form.Form) error) error {
	for sleep.For(ctx, interval) == nil {
		text, err := os.ReadFile(f.path)
		if err != nil || bytes.Equal(text, f.read) {
			continue // An editor may take the file away for a moment.
		}
		f.read = text
		f.setState(State{ID: identify(text), Mistakes: f.apply(use)})
	}
	return nil
}

// apply reads the form and puts it in use; the mistakes are why not.
func (f *File) apply(use func(*form.Form) error) (mistakes []string) {
	read, err := formfile.Load(f.path)
	if err == nil {
		err = use(read)
	}
	if found, ok := errors.AsType[formfile.Mistakes](err); ok {
		for _, mistake := range found {
			mistakes = append(mistakes, mistake.String())
		}
		return mistakes
	}
	if err != nil {
		return []string{err.Error()}
	}
	return nil
}

func (f *File) setState(state State) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.state = state
	close(f.changed)
	f.changed = make(chan struct{})
}

func identify(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}
