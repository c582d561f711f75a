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

// TestThousandsOfIdleAndSlowConnectionsAreCutAndHarmNobody has a crowd connect that says nothing, or a byte now and then.
func TestThousandsOfIdleAndSlowConnectionsAreCutAndHarmNobody(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var crowd sync.WaitGroup
	for _, guests := range []struct {
		many         int
		begins, goes string // what is sent at once, and again and again
	}{
		{2000, "", ""},
		{300, "GET /healthz HTTP/1.1\r\nHost: docket\r\nX-Slow: ", "x"},
		{300, "POST /login HTTP/1.1\r\nHost: docket\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\nemail=", "x"},
		{300, "POST /api/v1/tickets HTTP/1.1\r\nHost: docket\r\nAuthorization: Bearer " + r.key +
			"\r\nContent-Type: application/json\r\nIdempotency-Key: slow\r\nContent-Length: 60000\r\n\r\n{", " "},
		{100, "POST /api/v1/files?user_id=slow&field=selfie HTTP/1.1\r\nHost: docket\r\nAuthorization: Bearer " + r.key +
			"\r\nContent-Type: image/jpeg\r\nContent-Length: 60000\r\n\r\n\xff\xd8\xff", "x"},
	} {
		for range guests.many {
			conn := dial(t, r.docket.url)
			t.Cleanup(func() { conn.Close() })
			crowd.Go(func() { trickle(t, conn, guests.begins, guests.goes) })
		}
	}
	l := begin(t, r.docket.url, r.key)
	l.goesOn(200)
	crowd.Wait()
	l.goesOn(100)
	l.report(promptly)
	l.unbroken("read", "submit", "decide")
	r.kept(t, l)
}

// trickle fails unless the connection ends while it is written to, slowly.
func trickle(t *testing.T, conn net.Conn, begins, goes string) {
	if _, err := io.WriteString(conn, begins); err != nil {
		return // it was cut off before
	}
	ended := make(chan error, 1)
	go func() {
		err := conn.SetReadDeadline(time.Now().Add(2 * time.Minute)) // all the times that docket gives are shorter by far
		if err == nil {
			_, err = io.Copy(io.Discard, conn)
		}
		ended <- err
	}()
	slowly := time.NewTicker(500 * time.Millisecond)
	defer slowly.Stop()
	for {
		select {
		case err := <-ended:
			if errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("it may still send after two minutes: %.20q and then %q", begins, goes)
			}
			return
		case <-slowly.C:
			_, _ = io.WriteString(conn, goes) // when it is cut off, the reader says so
		}
	}
}
