package cli

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"

	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// A balancer may send all its requests on one connection, by HTTP/2 without TLS, and is not cut off when docket stops.
func TestHTTP_WithoutTLS(t *testing.T) {
	t.Parallel()
	for name, version := range map[string]int{"HTTP/1.1": 1, "HTTP/2": 2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			server := startHTTP(listener)
			server.open(testsite.Start(t, testsite.Form(), 1, testdb.New(t)).Instances[0].Web)
			var protocols http.Protocols
			protocols.SetHTTP1(version == 1)
			protocols.SetUnencryptedHTTP2(version == 2)
			client := &http.Client{Transport: &http.Transport{Protocols: &protocols}}
			get := func() {
				answer, err := client.Get("http://" + listener.Addr().String() + "/healthz")
				if err != nil {
					t.Fatal(err)
				}
				defer answer.Body.Close()
				if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.ProtoMajor != version || answer.StatusCode != http.StatusOK {
					t.Errorf("%s %s, %v; want 200 by version %d", answer.Proto, answer.Status, err, version)
				}
			}
			for range 3 {
				get()
			}
			if n := server.clients.Load(); n != 1 {
				t.Errorf("%d connections are open, want one", n)
			}
			ctx, stop := context.WithCancel(t.Context())
			stop()
			if err := server.run(ctx, stopTimes{finish: 10 * time.Second}, slog.New(slog.DiscardHandler)); err != nil {
				t.Error(err)
			}
		})
	}
}
