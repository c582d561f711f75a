// Package chaos holds tests alone: what becomes of the people at a docket, the real binary, when processes die, stall
// or stop under it.
package chaos
