// Package pgdev runs a private PostgreSQL primary and its streaming replicas under one folder: for docket dev and for
// tests. They listen on Unix sockets that only their owner can open, and end with the process that started them.
package pgdev

import (
	"context"
	"errors"
	"fmt"
)

// Database is the application's database, which Start creates when it is not there yet.
const Database = "docket"

// ErrInUse is returned by Start and Remove when another process runs a cluster in the folder.
var ErrInUse = errors.New("the folder is in use by another process")

// Options configure a cluster.
type Options struct {
	Dir      string // created when missing; one cluster for each major version of PostgreSQL
	Test     bool   // faster, but data are lost when the machine crashes
	Replicas int    // how many; 0: one
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
	c, err := startCluster(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("start PostgreSQL in %s: %w", o.Dir, errors.Join(ctx.Err(), err))
	}
	return c, nil
}

func startCluster(ctx context.Context, o Options) (*Cluster, error) {
	f, err := lockFolder(ctx, o.Dir)
	if err != nil {
		return nil, err
	}
	s, err := f.chooseServer(ctx)
	if err != nil {
		return nil, errors.Join(err, f.unlock())
	}
	c := &Cluster{folder: f, primary: s.newNode(ctx, f, primaryName, primaryPort, o.Test)}
	for i := range max(o.Replicas, 1) {
		c.replicas = append(c.replicas, s.newNode(ctx, f, replicaName(i), primaryPort+1+i, o.Test))
	}
	err = c.createData(ctx, s, o.Test)
	if err == nil {
		err = c.startNodes(ctx)
	}
	if errors.Is(err, errCannotFollow) {
		err = c.rebuildReplicas(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	return c, nil
}

// nodes returns all nodes, the primary first.
func (c *Cluster) nodes() []*node { return append([]*node{c.primary}, c.replicas...) }

// startNodes starts all nodes at once, because a replica waits for its primary, and waits until all have caught up.
func (c *Cluster) startNodes(ctx context.Context) error {
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
		if err := r.waitUntilFollowing(ctx, conn); err != nil {
			return err
		}
	}
	return nil
}

// rebuildReplicas creates the replicas again from the data of the primary.
func (c *Cluster) rebuildReplicas(ctx context.Context) error {
	c.stopNodes()
	for _, r := range c.replicas {
		if err := c.copyPrimary(r); err != nil {
			return err
		}
	}
	return c.startNodes(ctx)
}

// Stop ends the primary, then the replicas, which by then have received everything, and unlocks the folder. Data stay. A
// second Stop does nothing.
func (c *Cluster) Stop() error {
	c.stopNodes()
	return c.folder.unlock()
}

func (c *Cluster) stopNodes() {
	for _, n := range c.nodes() {
		n.stop()
	}
}

// Watch returns nil when ctx ends. If a node ends before, it returns an error with the last lines of its log.
// Call Stop after it has returned.
func (c *Cluster) Watch(ctx context.Context) error {
	watch, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan *node, len(c.nodes()))
	for _, n := range c.nodes() {
		go func() {
			select {
			case <-watch.Done():
			case <-n.ended:
				ended <- n
			}
		}()
	}
	select {
	case <-ctx.Done():
		return nil
	case n := <-ended:
		return n.exitError()
	}
}

// Primary returns the URL of a database on the primary, for pgx and for psql.
func (c *Cluster) Primary(database string) string { return c.primary.address(database) }

// Replica returns the URL of a database on the first replica, which is read-only.
func (c *Cluster) Replica(database string) string { return c.replicas[0].address(database) }

// Replicas returns the URLs of a database on every replica.
func (c *Cluster) Replicas(database string) (addresses []string) {
	for _, r := range c.replicas {
		addresses = append(addresses, r.address(database))
	}
	return addresses
}
