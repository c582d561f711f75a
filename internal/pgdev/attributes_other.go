//go:build !linux

package pgdev

import "syscall"

// processAttributes make a process that Ctrl-C in our terminal does not reach. When we are killed, the next start ends it.
func processAttributes(i identity) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if i != (identity{}) {
		attr.Credential = &syscall.Credential{Uid: uint32(i.uid), Gid: uint32(i.gid)}
	}
	return attr
}
