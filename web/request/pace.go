package request

import (
	"io"
	"net/http"
	"time"
)

const (
	minRate    = 16 << 10         // bytes a second, below which a body is cut off
	patience   = 15 * time.Second // for the first bytes
	answerTime = 70 * time.Second // for the answer after the last: a file may have to wait for its turn
)

// pacedBody is a body whose read deadline moves with its bytes: each byte extends it, up to patience from now. A slow phone
// gets through; a connection that stalls or sends slower than minRate does not.
type pacedBody struct {
	io.ReadCloser
	control *http.ResponseController
	left    time.Duration // until the deadline; time between two reads does not count
}

// PaceBody ends the read of a body that arrives slower than minRate.
func PaceBody(w http.ResponseWriter, body io.ReadCloser) io.ReadCloser {
	return &pacedBody{ReadCloser: body, control: http.NewResponseController(w), left: patience}
}

// Read implements io.Reader.
func (b *pacedBody) Read(p []byte) (int, error) {
	began := time.Now()
	end := began.Add(b.left)
	// The connection of a test may have no deadlines.
	_ = b.control.SetReadDeadline(end)
	_ = b.control.SetWriteDeadline(end.Add(answerTime))
	n, err := b.ReadCloser.Read(p)
	b.left = min(patience, b.left-time.Since(began)+transferTime(int64(n)))
	return n, err
}

// SendTime is how long it may take to send so many bytes.
func SendTime(bytes int64) time.Duration { return patience + transferTime(bytes) }

func transferTime(bytes int64) time.Duration { return time.Duration(bytes) * time.Second / minRate }

// UploadBody keeps the error of the body that it reads, apart from errors of the file in it.
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
