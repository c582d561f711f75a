package cli

import (
	"net"
	"testing"
)

func TestListenNextFree(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	free, err := listenNextFree(t.Context(), taken.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer free.Close()
	first, second := taken.Addr().(*net.TCPAddr).Port, free.Addr().(*net.TCPAddr).Port
	if second <= first || second > first+maxPortTries {
		t.Errorf("port %d is in use, got %d, want one of the next", first, second)
	}
	if _, err := listenNextFree(t.Context(), "203.0.113.1:80"); err == nil {
		t.Error("an address of another machine is accepted")
	}
}
