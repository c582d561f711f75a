package pgdev

import "syscall"

// processAttributes make a process that Ctrl-C in our terminal does not reach, and that gets SIGINT when we end for any
// reason: for PostgreSQL that is an orderly shutdown.
func processAttributes(i identity) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT}
	switch {
	case i.mapped:
		attr.Cloneflags = syscall.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: i.uid, HostID: 0, Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: i.gid, HostID: 0, Size: 1}}
	case i != identity{}:
		attr.Credential = &syscall.Credential{Uid: uint32(i.uid), Gid: uint32(i.gid)}
	}
	return attr
}
