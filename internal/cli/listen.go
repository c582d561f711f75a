package cli

import (
	"context"
	"errors"
	"net"
	"strconv"
	"syscall"
)

const (
	defaultListen = "127.0.0.1:8080"
	maxPortTries  = 100
)

func listenTCP(ctx context.Context, address string) (net.Listener, error) {
	var config net.ListenConfig
	return config.Listen(ctx, "tcp", address)
}

// listenNextFree listens on an address or, where its port is in use, on the next port that is free.
func listenNextFree(ctx context.Context, address string) (net.Listener, error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		return nil, err
	}
	for next := port; ; next++ {
		listener, err := listenTCP(ctx, net.JoinHostPort(host, strconv.Itoa(next)))
		if !errors.Is(err, syscall.EADDRINUSE) || next == port+maxPortTries {
			return listener, err
		}
	}
}
