package cli

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// noNewcomers drops the packets that begin a TCP connection, and lets all others pass: the flags are the byte 13 of
// TCP's header, and SYN without ACK is how a connection begins.
var noNewcomers = []unix.SockFilter{
	{Code: unix.BPF_LD | unix.BPF_B | unix.BPF_ABS, K: 13},
	{Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: 0x12},
	{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: 0x02, Jt: 0, Jf: 1},
	{Code: unix.BPF_RET | unix.BPF_K, K: 0},
	{Code: unix.BPF_RET | unix.BPF_K, K: 0xffffffff},
}

// shut lets nobody in any more, so that whoever is in line can be let in before the listener is closed: those in line
// then would be cut off. Where that fails the line is short, and the loss is small.
func shut(listener net.Listener) {
	program := unix.SockFprog{Len: uint16(len(noNewcomers)), Filter: &noNewcomers[0]}
	control(listener, func(socket int) { // as said above
		_ = unix.SetsockoptSockFprog(socket, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &program)
	})
}

// inLine is how many have connected and not been let in.
func inLine(listener net.Listener) (many int) {
	control(listener, func(socket int) {
		if info, err := unix.GetsockoptTCPInfo(socket, unix.IPPROTO_TCP, unix.TCP_INFO); err == nil {
			many = int(info.Unacked) // of a listener it is that
		}
	})
	return many
}

func control(listener net.Listener, do func(socket int)) {
	socket, ok := listener.(syscall.Conn)
	if !ok {
		return
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) { do(int(fd)) }) // a listener that is closed has no line
}
