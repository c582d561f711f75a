package chaos_test

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"testing"
	"time"
)

// TestConnections_IdleAndSlow opens thousands of connections that send nothing, or one byte now and then.
func TestConnections_IdleAndSlow(t *testing.T) {
	t.Parallel()
	r := newSharedRig(t)
	r.docket = startServer(t, r.db)
	var clients sync.WaitGroup
	for _, group := range []struct {
		count       int
		first, rest string // sent at once, and then again and again
	}{
		{2000, "", ""},
		{300, "GET /healthz HTTP/1.1\r\nHost: docket\r\nX-Slow: ", "x"},
		{300, "POST /login HTTP/1.1\r\nHost: docket\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\nemail=", "x"},
		{300, "POST /api/v1/tickets HTTP/1.1\r\nHost: docket\r\nAuthorization: Bearer " + r.key +
			"\r\nContent-Type: application/json\r\nIdempotency-Key: slow\r\nContent-Length: 60000\r\n\r\n{", " "},
		{100, "POST /api/v1/files?user_id=slow&field=selfie HTTP/1.1\r\nHost: docket\r\nAuthorization: Bearer " + r.key +
			"\r\nContent-Type: image/jpeg\r\nContent-Length: 60000\r\n\r\n\xff\xd8\xff", "x"},
	} {
		for range group.count {
			conn := dial(t, r.docket.url)
			t.Cleanup(func() { conn.Close() })
			clients.Go(func() { trickle(t, conn, group.first, group.rest) })
		}
	}
	l := startLoad(t, r.docket.url, r.key)
	l.waitForTraffic(200)
	clients.Wait()
	l.waitForTraffic(100)
	l.checkAnswers(answerLimit)
	l.checkNoRefusals("read", "submit", "decide")
	r.checkNothingLost(t, l)
}

// trickle writes first, then rest every half second. It fails unless the server closes the connection.
func trickle(t *testing.T, conn net.Conn, first, rest string) {
	if _, err := io.WriteString(conn, first); err != nil {
		return // it is closed already
	}
	ended := make(chan error, 1)
	go func() {
		err := conn.SetReadDeadline(time.Now().Add(2 * time.Minute)) // docket's own timeouts are far shorter
		if err == nil {
			_, err = io.Copy(io.Discard, conn)
		}
		ended <- err
	}()
	ticker := time.NewTicker(500 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case err := <-ended:
			if errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("it is open after two minutes: %.20q and then %q", first, rest)
			}
			return
		case <-ticker.C:
			_, _ = io.WriteString(conn, rest) // the reader reports its end
		}
	}
}
