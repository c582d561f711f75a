package pgdev

import (
	"context"
	"syscall"
)

// Node is the primary or a replica.
type Node int

// The nodes that Halt and Resume take. The second replica is Replica + 1, and so on.
const (
	Primary Node = iota
	Replica
)

func (c *Cluster) node(which Node) *node { return c.nodes()[which] }

// Halt ends one node as a fault would: at once, and whoever is connected is cut off. It is for tests; one who watches
// hears of it.
func (c *Cluster) Halt(which Node) { c.node(which).end(syscall.SIGQUIT) }

// Resume runs a node again that was halted, and returns when it answers.
func (c *Cluster) Resume(ctx context.Context, which Node) error {
	if err := c.node(which).start(); err != nil {
		return err
	}
	conn, err := c.node(which).connect(ctx)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}
