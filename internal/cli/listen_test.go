package cli

import (
	"errors"
	"net"
	"strings"
	"syscall"
	"testing"
)

func TestDevListen_AddressGivenIsStrict(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	d := devCommand{httpOptions: httpOptions{Listen: taken.Addr().String()}}
	if _, err := d.listen(t.Context()); !errors.Is(err, syscall.EADDRINUSE) || !strings.Contains(err.Error(), "--listen") {
		t.Errorf("an address in use: %v, want that another one must be chosen", err)
	}
	d.Listen = ""
	free, err := d.listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer free.Close()
	if port := free.Addr().(*net.TCPAddr).Port; port < 8080 || port > 8080+maxPortTries {
		t.Errorf("without an address it listens on %d, want 8080 or one of the next", port)
	}
}

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
