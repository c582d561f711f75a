package postgres

import (
	"crypto/tls"
	"net"
	"syscall"
)

// hasUnread reports whether the other end of a connection has sent something that is not read yet, or has closed it. It does not
// wait.
func hasUnread(conn net.Conn) bool {
	if encrypted, ok := conn.(*tls.Conn); ok {
		conn = encrypted.NetConn()
	}
	if watched, ok := conn.(watchedConn); ok {
		conn = watched.Conn
	}
	socket, ok := conn.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return true
	}
	unread := false
	err = raw.Control(func(descriptor uintptr) { // Read would wait while pgx reads in the background
		_, _, err := syscall.Recvfrom(int(descriptor), make([]byte, 1), syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		unread = err != syscall.EAGAIN && err != syscall.EINTR
	})
	return unread || err != nil
}
