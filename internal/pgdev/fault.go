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

// CutOff has the primary send the replicas nothing any more, which they take for silence, until mend is called. It
// returns when nothing is sent.
func (c *Cluster) CutOff(ctx context.Context) (mend func() error, err error) {
	file := filepath.Join(c.primary.data, "pg_hba.conf")
	rules, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	mend = func() error { return c.primary.configure(file, rules) }
	if err := c.primary.configure(file, append([]byte("local replication all reject\n"), rules...)); err != nil {
		return nil, err
	}
	if err := c.primary.silence(ctx); err != nil {
		return nil, errors.Join(err, mend())
	}
	return mend, nil
}

// silence waits until no replica may connect any more, and ends the connections of those that did.
func (n *node) silence(ctx context.Context) error {
	config, err := pgconn.ParseConfig(n.address(superuser))
	if err != nil {
		return err
	}
	config.RuntimeParams["replication"] = "true"
	for allowed := true; allowed; {
		conn, err := pgconn.ConnectConfig(ctx, config)
		if allowed = err == nil; allowed {
			_ = conn.Close(ctx) // it is given up either way
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

// configure writes a file of a node's settings and has it read again.
func (n *node) configure(file string, text []byte) error {
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return err
	}
	return n.cmd.Process.Signal(syscall.SIGHUP)
}
