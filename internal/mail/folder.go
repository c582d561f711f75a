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

// Message is an e-mail of a folder.
type Message struct {
	Name    string // of its file
	To      string
	Subject string
	At      time.Time
	Text    string
}

// ErrNoMessage says that a folder has no e-mail of a name.
var ErrNoMessage = errors.New("there is no such e-mail")

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
func (f *Folder) List() ([]Message, error) {
	names, err := fs.Glob(f.root.FS(), "*.eml")
	if err != nil {
		return nil, err
	}
	slices.Reverse(names)
	messages := make([]Message, 0, maxListed)
	for _, name := range names[:min(len(names), maxListed)] {
		found, err := f.Read(name)
		if err != nil {
			return nil, err
		}
		messages = append(messages, found)
	}
	return messages, nil
}

// Read reads the e-mail in a file, or returns ErrNoMessage.
func (f *Folder) Read(name string) (Message, error) {
	if !strings.HasSuffix(name, ".eml") {
		return Message{}, ErrNoMessage
	}
	written, err := f.root.ReadFile(name)
	if err != nil {
		return Message{}, ErrNoMessage
	}
	message, err := mail.ReadMessage(bytes.NewReader(written))
	if err != nil {
		return Message{}, fmt.Errorf("read the e-mail %s: %w", name, err)
	}
	text, err := io.ReadAll(quotedprintable.NewReader(message.Body))
	if err != nil {
		return Message{}, fmt.Errorf("read the e-mail %s: %w", name, err)
	}
	found := Message{Name: name, To: strings.Trim(message.Header.Get("To"), "<>"), Text: strings.ReplaceAll(string(text), "\r\n", "\n")}
	found.At, _ = message.Header.Date() // the zero time: the file was changed by hand
	found.Subject, err = new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
	return found, err
}
