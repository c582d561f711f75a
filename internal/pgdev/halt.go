package pgdev

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
)

// Node is the primary or a replica.
type Node int

// The nodes that Halt and Resume take. The second replica is Replica + 1, and so on.
const (
	Primary Node = iota
	Replica
)

func (c *Cluster) node(which Node) *node { return c.nodes()[which] }

// Halt kills one node as a fault would: at once, and its connections break. It is for tests. Watch returns an error.
func (c *Cluster) Halt(which Node) { c.node(which).terminate(syscall.SIGQUIT) }

// Resume starts a halted node again and returns when it answers.
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

// StopReplication keeps the primary from sending anything to the replicas until restore is called; for the replicas the
// network looks broken. It returns when nothing is sent any more.
func (c *Cluster) StopReplication(ctx context.Context) (restore func() error, err error) {
	file := filepath.Join(c.primary.data, "pg_hba.conf")
	rules, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	restore = func() error { return c.primary.rewriteConfig(file, rules) }
	if err := c.primary.rewriteConfig(file, append([]byte("local replication all reject\n"), rules...)); err != nil {
		return nil, err
	}
	if err := c.primary.stopSenders(ctx); err != nil {
		return nil, errors.Join(err, restore())
	}
	return restore, nil
}

// stopSenders waits until the primary accepts no replica any more, and ends the connections that it has.
func (n *node) stopSenders(ctx context.Context) error {
	config, err := pgconn.ParseConfig(n.address(superuser))
	if err != nil {
		return err
	}
	config.RuntimeParams["replication"] = "true"
	for allowed := true; allowed; {
		conn, err := pgconn.ConnectConfig(ctx, config)
		if allowed = err == nil; allowed {
			_ = conn.Close(ctx) // it is not used again
		}
	}
	conn, err := n.connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for sends := true; sends; {
		if err := conn.QueryRow(ctx, "SELECT count(pg_terminate_backend(pid)) > 0 FROM pg_stat_replication").Scan(&sends); err != nil {
			return err
		}
	}
	return nil
}

// rewriteConfig writes a configuration file of a node and makes the node read it.
func (n *node) rewriteConfig(file string, text []byte) error {
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return err
	}
	return n.cmd.Process.Signal(syscall.SIGHUP)
}
