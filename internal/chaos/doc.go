// Package chaos holds tests alone. They run the real binary under load and break what it depends on: they kill, pause and
// cut off databases and instances, fill disks, and check that nothing acknowledged is lost.
package chaos
