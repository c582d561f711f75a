// Package pgdev runs a private PostgreSQL primary and a streaming replica under one folder: for docket dev and for
// tests. Both listen on unix sockets only, which nobody but their owner reaches, and end with the process that started them.
package pgdev

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// Database is the application's database, which Start creates when it is not there yet.
const Database = "docket"

// ErrInUse is what Start and Remove say when another process runs a cluster in the folder.
var ErrInUse = errors.New("the folder is in use by another process")

// Options say where a cluster lives and what its data are worth.
type Options struct {
	Dir  string // created when missing; one cluster for each major version of PostgreSQL
	Test bool   // trades the safety of the data for speed; only for data that nobody will miss
}

// Cluster is a running primary and replica. It has one owner, who calls Stop.
type Cluster struct {
	folder           *folder
	primary, replica *node
}

// Start runs the cluster of a folder and returns when both nodes answer and the replica has caught up; ctx bounds
// that wait, not the life of the cluster. It returns ErrInUse when another process runs a cluster there.
func Start(ctx context.Context, o Options) (*Cluster, error) {
	c, err := start(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("start PostgreSQL in %s: %w", o.Dir, errors.Join(ctx.Err(), err))
	}
	return c, nil
}

func start(ctx context.Context, o Options) (*Cluster, error) {
	f, err := claim(ctx, o.Dir)
	if err != nil {
		return nil, err
	}
	s, err := f.prepare(ctx)
	if err != nil {
		return nil, errors.Join(err, f.release())
	}
	c := &Cluster{
		folder:  f,
		primary: s.node(ctx, f, primaryName, primaryPort, o.Test),
		replica: s.node(ctx, f, replicaName, replicaPort, o.Test),
	}
	err = s.create(ctx, f, o.Test)
	if err == nil {
		err = c.run(ctx)
	}
	if errors.Is(err, errBehind) {
		err = c.rebuild(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	return c, nil
}

// run starts both nodes at once: a replica waits for its primary by itself.
func (c *Cluster) run(ctx context.Context) error {
	if err := errors.Join(c.primary.start(), c.replica.start()); err != nil {
		return err
	}
	conn, err := c.primary.connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := createDatabase(ctx, conn); err != nil {
		return err
	}
	return c.follow(ctx, conn)
}

// rebuild makes the replica anew from the data of the primary.
func (c *Cluster) rebuild(ctx context.Context) error {
	c.primary.stop()
	c.replica.stop()
	if err := os.RemoveAll(c.replica.data); err != nil {
		return err
	}
	if err := c.folder.copyPrimary(); err != nil {
		return err
	}
	return c.run(ctx)
}

// Stop ends the primary, then the replica, which so has received everything, and lets go of the folder. Data stay. A second
// Stop does nothing.
func (c *Cluster) Stop() error {
	c.primary.stop()
	c.replica.stop()
	return c.folder.release()
}

// Watch returns nil when ctx is done, or before that an error with the last words of a node that ended by itself.
// Call Stop after it has returned.
func (c *Cluster) Watch(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-c.primary.ended:
		return c.primary.obituary()
	case <-c.replica.ended:
		return c.replica.obituary()
	}
}

// Primary is the address of a database on the primary, for pgx and for psql.
func (c *Cluster) Primary(database string) string { return c.primary.address(database) }

// Replica is the address of a database on the replica, which only reads.
func (c *Cluster) Replica(database string) string { return c.replica.address(database) }
