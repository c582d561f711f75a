package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

const (
	sendTime    = 10 * time.Second // for one attempt, from the look-up of the name to the end of what is read of the answer
	answerBytes = 1 << 10          // of an answer that are kept
	drainBytes  = 16 << 10         // of an answer that are read, so that the connection can be used again
	idleTime    = 30 * time.Second // that a connection is kept
	perHost     = 16               // connections to one receiver
)

// sender sends requests to receivers, and only to addresses that a guard allows. It follows no redirect and uses no proxy.
type sender struct {
	guard  guard
	agent  string
	now    func() time.Time // for signatures
	secure *http.Client
	plain  *http.Client
}

func newSender(c Config) *sender {
	g := newGuard(c.Networks, c.Insecure)
	return &sender{guard: g, agent: c.Agent, now: c.now, secure: newClient(g.control), plain: newClient(g.controlPlain)}
}

func newClient(control func(network, address string, conn syscall.RawConn) error) *http.Client {
	dialer := &net.Dialer{Control: control}
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, ForceAttemptHTTP2: true, DisableCompression: true, MaxIdleConnsPerHost: perHost, IdleConnTimeout: idleTime,
			MaxResponseHeaderBytes: 64 << 10,
		},
	}
}

// result is what became of an attempt.
type result struct {
	status   int     // 0: no answer
	failure  Failure // empty: it was delivered
	answer   string
	retry    time.Duration // that the receiver asks to wait
	canceled bool          // it was not tried to its end, as the instance ends
}

// unanswered reports whether the receiver could not be reached, or says that it is overloaded: that is not about this event.
func (r result) unanswered() bool {
	switch r.status {
	case 0:
		return r.failure != EventGone
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// send sends a body, signed with each secret.
func (s *sender) send(ctx context.Context, url, id string, body []byte, secrets [][]byte) result {
	attempt, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	request, err := http.NewRequestWithContext(attempt, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return result{failure: Connection}
	}
	request.Header = http.Header{"Content-Type": {"application/json"}, "User-Agent": {s.agent}}
	sign(request.Header, id, s.now(), body, secrets)
	client := s.secure
	if request.URL.Scheme == "http" {
		client = s.plain
	}
	answer, err := client.Do(request)
	switch {
	case err != nil && ctx.Err() != nil:
		return result{canceled: true}
	case err != nil:
		return result{failure: failureOf(err)}
	}
	defer answer.Body.Close()
	return readAnswer(answer)
}

// sign adds the headers of the Standard Webhooks specification.
func sign(header http.Header, id string, now time.Time, body []byte, secrets [][]byte) {
	var signatures []string
	for _, secret := range secrets {
		signer, _ := standardwebhooks.NewWebhookRaw(secret) // it never returns an error
		signature, _ := signer.Sign(id, now, body)          // nor does this
		signatures = append(signatures, signature)
	}
	header.Set(standardwebhooks.HeaderWebhookID, id)
	header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
	header.Set(standardwebhooks.HeaderWebhookSignature, strings.Join(signatures, " "))
}

func readAnswer(answer *http.Response) result {
	text := make([]byte, answerBytes)
	n, _ := io.ReadFull(answer.Body, text)                              // the status counts, whatever becomes of the text
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, drainBytes)) // if it fails, the connection is closed
	r := result{status: answer.StatusCode, answer: printable(text[:n])}
	switch {
	case r.status >= 200 && r.status < 300:
	case r.status >= 300 && r.status < 400:
		r.failure = Redirect
	default:
		r.failure = BadStatus
		r.retry = askedPause(answer.Header.Get("Retry-After"), time.Now())
	}
	return r
}

// printable is what people can read of an answer.
func printable(text []byte) string {
	return strings.Map(func(c rune) rune {
		if c == unicode.ReplacementChar || !unicode.IsGraphic(c) && c != '\n' && c != '\t' {
			return -1
		}
		return c
	}, strings.ToValidUTF8(string(text), ""))
}

// failureOf says why there was no answer.
func failureOf(err error) Failure {
	var (
		name        *net.DNSError
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		alert       tls.AlertError
	)
	switch {
	case errors.Is(err, ErrReserved), errors.Is(err, ErrPlain):
		return Reserved
	case errors.Is(err, context.DeadlineExceeded):
		return Timeout
	case errors.As(err, &name):
		return Unknown
	case errors.As(err, &certificate), errors.As(err, &record), errors.As(err, &alert):
		return BadTLS
	}
	return Connection
}
