package testdb

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"docket/internal/pgdev"
)

// These two variables, set by the command in the folder with, are the addresses of a cluster that many packages share.
const (
	PrimaryVariable = "DOCKET_TEST_PRIMARY"
	ReplicaVariable = "DOCKET_TEST_REPLICA"
)

// PartitionsVariable has the databases of all tests partitioned: it is into how many partitions.
const PartitionsVariable = "DOCKET_TEST_PARTITIONS"

// clusterInfo is the cluster of all tests of this process.
type clusterInfo struct {
	primary, replica string // addresses of any database there
	template         string // the name of a database with this build's migrations
}

// sharedCluster is the cluster of the environment, or else one that ends with this process; no test owns it, so no test's
// context bounds it.
var sharedCluster = sync.OnceValues(func() (clusterInfo, error) {
	n := clusterInfo{primary: os.Getenv(PrimaryVariable), replica: os.Getenv(ReplicaVariable)}
	if n.primary == "" {
		cluster, _, err := Start(context.Background(), 1)
		if err != nil {
			return clusterInfo{}, err
		}
		n.primary, n.replica = cluster.Primary("postgres"), cluster.Replica("postgres")
	}
	var err error
	n.template, err = ensureTemplate(context.Background(), n.primary)
	return n, err
})

// Start runs a cluster for tests, with so many replicas, in a new folder, in memory where there is room. The caller stops it and
// removes the folder; the next Start removes what a killed process has left.
func Start(ctx context.Context, replicas int) (*pgdev.Cluster, string, error) {
	parent := pgdev.ScratchDir()
	removeAbandoned(parent)
	dir := filepath.Join(parent, "docket-test-"+rand.Text())
	cluster, err := pgdev.Start(ctx, pgdev.Options{Dir: dir, Test: true, Replicas: replicas})
	if err != nil {
		return nil, "", errors.Join(err, os.RemoveAll(dir))
	}
	return cluster, dir, nil
}

// removeAbandoned removes the folders of clusters that have ended. One that is in use, or another user's, stays, and so does one
// that is so new that its owner may not have locked it yet.
func removeAbandoned(parent string) {
	dirs, _ := filepath.Glob(filepath.Join(parent, "docket-test-*")) // the pattern is well formed
	for _, dir := range dirs {
		if info, err := os.Stat(dir); err == nil && time.Since(info.ModTime()) > time.Minute {
			_ = pgdev.Remove(dir) // as said above
		}
	}
}
