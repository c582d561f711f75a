package web

import (
	"io"
	"net/http"
	"time"
)

const (
	slowest = 16 << 10         // bytes a second, below which a body is cut off
	patient = 15 * time.Second // for whoever begins slowly, and for the answer once all of it is there
)

// pacedBody is a body that may take as long as its bytes need: each that comes gives patience back, though never more than
// there was at first. So a slow telephone gets through, and one who only pretends to send, or stops in the end, does not.
type pacedBody struct {
	io.ReadCloser
	control *http.ResponseController
	left    time.Duration // of the patience; what is done between two reads takes none of it
}

func paced(w http.ResponseWriter, body io.ReadCloser) io.ReadCloser {
	return &pacedBody{ReadCloser: body, control: http.NewResponseController(w), left: patient}
}

func (b *pacedBody) Read(p []byte) (int, error) {
	began := time.Now()
	end := began.Add(b.left)
	// A connection that knows no deadlines, such as that of a test, has none to be put off.
	_ = b.control.SetReadDeadline(end)
	_ = b.control.SetWriteDeadline(end.Add(2 * patient))
	n, err := b.ReadCloser.Read(p)
	b.left = min(patient, b.left-time.Since(began)+needed(int64(n)))
	return n, err
}

// needed is how long bytes may take.
func needed(bytes int64) time.Duration { return time.Duration(bytes) * time.Second / slowest }
