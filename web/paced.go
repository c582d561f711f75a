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

// pacedBody is a body that may take as long as its bytes need: each that comes puts the end of patience off, so that a
// slow telephone gets through, and one who only pretends to send does not.
type pacedBody struct {
	io.ReadCloser
	control *http.ResponseController
	began   time.Time
	read    int64
}

func paced(w http.ResponseWriter, body io.ReadCloser) io.ReadCloser {
	return &pacedBody{ReadCloser: body, control: http.NewResponseController(w), began: time.Now()}
}

func (b *pacedBody) Read(p []byte) (int, error) {
	end := pace(b.began, b.read)
	// A connection that knows no deadlines, such as that of a test, has none to be put off.
	_ = b.control.SetReadDeadline(end)
	_ = b.control.SetWriteDeadline(end.Add(2 * patient))
	n, err := b.ReadCloser.Read(p)
	b.read += int64(n)
	return n, err
}

// pace is until when the next byte has to be there.
func pace(began time.Time, bytes int64) time.Time {
	return began.Add(patient + time.Duration(bytes)*time.Second/slowest)
}
