package openid

import (
	"io"
	"net/http"
)

// boundedTransport ends what is read of an answer after maxAnswer bytes.
type boundedTransport struct{ http.RoundTripper }

func (t boundedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := t.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer.Body = boundedBody{io.LimitReader(answer.Body, maxAnswer), answer.Body}
	return answer, nil
}

type boundedBody struct {
	io.Reader
	io.Closer
}
