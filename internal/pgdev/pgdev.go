// Package pgdev runs a private PostgreSQL primary and its streaming replicas under one folder: for docket dev and for
// tests. They listen on unix sockets only, which nobody but their owner reaches, and end with the process that started them.
package pgdev

import (
	"context"
	"errors"
	"fmt"
)

// Database is the application's database, which Start creates when it is not there yet.
const Database = "docket"

// ErrInUse is what Start and Remove say when another process runs a cluster in the folder.
var ErrInUse = errors.New("the folder is in use by another process")

// Options say where a cluster lives and what its data are worth.
type Options struct {
	Dir      string // created when missing; one cluster for each major version of PostgreSQL
	Test     bool   // trades the safety of the data for speed; only for data that nobody will miss
	Replicas int    // how many there are besides the primary; 0: one
}

// Cluster is a running primary and its replicas. It has one owner, who calls Stop.
type Cluster struct {
	folder   *folder
	primary  *node
	replicas []*node
}

// Start runs the cluster of a folder and returns when all nodes answer and the replicas have caught up; ctx bounds
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
	c := &Cluster{folder: f, primary: s.node(ctx, f, primaryName, primaryPort, o.Test)}
	for i := range max(o.Replicas, 1) {
		c.replicas = append(c.replicas, s.node(ctx, f, replicaName(i), primaryPort+1+i, o.Test))
	}
	err = c.create(ctx, s, o.Test)
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

// nodes are all of them, the primary first.
func (c *Cluster) nodes() []*node { return append([]*node{c.primary}, c.replicas...) }

// run starts all nodes at once: a replica waits for its primary by itself.
func (c *Cluster) run(ctx context.Context) error {
	for _, n := range c.nodes() {
		if err := n.start(); err != nil {
			return err
		}
	}
	conn, err := c.primary.connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := createDatabase(ctx, conn); err != nil {
		return err
	}
	for _, r := range c.replicas {
		if err := r.follow(ctx, conn); err != nil {
			return err
		}
	}
	return nil
}

// rebuild makes the replicas anew from the data of the primary.
func (c *Cluster) rebuild(ctx context.Context) error {
	c.stop()
	for _, r := range c.replicas {
		if err := c.copyPrimary(r); err != nil {
			return err
		}
	}
	return c.run(ctx)
}

// Stop ends the primary, then the replicas, which so have received everything, and lets go of the folder. Data stay. A
// second Stop does nothing.
func (c *Cluster) Stop() error {
	c.stop()
	return c.folder.release()
}

func (c *Cluster) stop() {
	for _, n := range c.nodes() {
		n.stop()
	}
}

// Watch returns nil when ctx is done, or before that an error with the last words of a node that ended by itself.
// Call Stop after it has returned.
func (c *Cluster) Watch(ctx context.Context) error {
	watch, cancel := context.WithCancel(ctx)
	defer cancel()
	dead := make(chan *node, len(c.nodes()))
	for _, n := range c.nodes() {
		go func() {
			select {
			case <-watch.Done():
			case <-n.ended:
				dead <- n
			}
		}()
	}
	select {
	case <-ctx.Done():
		return nil
	case n := <-dead:
		return n.obituary()
	}
}

// Primary is the address of a database on the primary, for pgx and for psql.
func (c *Cluster) Primary(database string) string { return c.primary.address(database) }

// Replica is the address of a database on the first replica, which only reads.
func (c *Cluster) Replica(database string) string { return c.replicas[0].address(database) }

// Replicas are the addresses of a database on every replica.
func (c *Cluster) Replicas(database string) (addresses []string) {
	for _, r := range c.replicas {
		addresses = append(addresses, r.address(database))
	}
	return addresses
}
