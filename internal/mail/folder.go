package mail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"slices"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

const maxListed = 100 // e-mails of a folder, the newest

// Folder is where docket dev writes e-mails, one file each, instead of sending them.
type Folder struct{ root *os.Root }

// Letter is an e-mail of a folder.
type Letter struct {
	Name    string // of its file
	To      string
	Subject string
	At      time.Time
	Text    string
}

// ErrNoLetter says that a folder has no e-mail of a name.
var ErrNoLetter = errors.New("there is no such e-mail")

func newFolder(path string) (*Folder, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	return &Folder{root: root}, nil
}

// send implements sender.
func (f *Folder) send(_ context.Context, messages []*gomail.Msg) []error {
	errs := make([]error, len(messages))
	for i, message := range messages {
		errs[i] = f.writeMessage(message)
	}
	return errs
}

func (f *Folder) writeMessage(message *gomail.Msg) error {
	var b bytes.Buffer
	if _, err := message.WriteTo(&b); err != nil {
		return fmt.Errorf("write an e-mail: %w", err)
	}
	id, _, _ := strings.Cut(strings.Trim(message.GetMessageID(), "<>"), "@")
	name := time.Now().UTC().Format("20060102T150405.000") + "-" + id
	if err := f.root.WriteFile(name+".new", b.Bytes(), 0o600); err != nil {
		return err
	}
	return f.root.Rename(name+".new", name+".eml")
}

// List lists the newest e-mails, the newest first.
func (f *Folder) List() ([]Letter, error) {
	names, err := fs.Glob(f.root.FS(), "*.eml")
	if err != nil {
		return nil, err
	}
	slices.Reverse(names)
	letters := make([]Letter, 0, maxListed)
	for _, name := range names[:min(len(names), maxListed)] {
		letter, err := f.Read(name)
		if err != nil {
			return nil, err
		}
		letters = append(letters, letter)
	}
	return letters, nil
}

// Read reads the e-mail in a file, or returns ErrNoLetter.
func (f *Folder) Read(name string) (Letter, error) {
	if !strings.HasSuffix(name, ".eml") {
		return Letter{}, ErrNoLetter
	}
	written, err := f.root.ReadFile(name)
	if err != nil {
		return Letter{}, ErrNoLetter
	}
	message, err := mail.ReadMessage(bytes.NewReader(written))
	if err != nil {
		return Letter{}, fmt.Errorf("read the e-mail %s: %w", name, err)
	}
	text, err := io.ReadAll(quotedprintable.NewReader(message.Body))
	if err != nil {
		return Letter{}, fmt.Errorf("read the e-mail %s: %w", name, err)
	}
	letter := Letter{Name: name, To: strings.Trim(message.Header.Get("To"), "<>"), Text: strings.ReplaceAll(string(text), "\r\n", "\n")}
	letter.At, _ = message.Header.Date() // the zero time: the file was changed by hand
	letter.Subject, err = new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
	return letter, err
}
