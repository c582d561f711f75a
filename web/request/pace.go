package request

import (
	"io"
	"net/http"
	"time"
)

const (
	minRate  = 16 << 10         // bytes a second, below which a body is cut off
	patience = 15 * time.Second // for whoever begins slowly, and for the answer once all of it is there
)

// pacedBody is a body that may take as long as its bytes need: each that comes gives patience back, though never more than
// there was at first. So a slow telephone gets through, and one who only pretends to send, or stops in the end, does not.
type pacedBody struct {
	io.ReadCloser
	control *http.ResponseController
	left    time.Duration // of the patience; what is done between two reads takes none of it
}

// PaceBody cuts a body off that comes too slowly.
func PaceBody(w http.ResponseWriter, body io.ReadCloser) io.ReadCloser {
	return &pacedBody{ReadCloser: body, control: http.NewResponseController(w), left: patience}
}

// Read implements io.Reader.
func (b *pacedBody) Read(p []byte) (int, error) {
	began := time.Now()
	end := began.Add(b.left)
	// A connection that knows no deadlines, such as that of a test, has none to be put off.
	_ = b.control.SetReadDeadline(end)
	_ = b.control.SetWriteDeadline(end.Add(2 * patience))
	n, err := b.ReadCloser.Read(p)
	b.left = min(patience, b.left-time.Since(began)+transferTime(int64(n)))
	return n, err
}

// SendTime is how long it may take to send so many bytes.
func SendTime(bytes int64) time.Duration { return patience + transferTime(bytes) }

func transferTime(bytes int64) time.Duration { return time.Duration(bytes) * time.Second / minRate }

// UploadBody knows what is wrong with the body that it reads, apart from what is wrong with the file in it.
type UploadBody struct {
	io.Reader
	Err error
}

// Read implements io.Reader.
func (b *UploadBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err != nil && err != io.EOF {
		b.Err = err
	}
	return n, err
}
