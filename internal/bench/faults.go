package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"syscall"

	"github.com/jackc/pgx/v5/pgxpool"

	"docket/internal/pgdev"
)

type mending = func(context.Context) error

// fault is something that breaks, and how it is mended.
type fault struct {
	name   string
	silent bool // nobody is told, so that it is worse the longer it lasts
	inject func(context.Context) (mending, error)
}

func nothing(context.Context) error { return nil }

// faults are those that the promises have to survive.
func (d *deployment) faults() []fault {
	return []fault{
		{"both replicas stand still", true, func(ctx context.Context) (mending, error) { return pause(ctx, d.replicas...) }},
		{"one replica stands still", true, func(ctx context.Context) (mending, error) { return pause(ctx, d.replicas[0]) }},
		{"the first replica is killed", false, d.halt(pgdev.Replica)},
		{"the second replica is killed", false, d.halt(pgdev.Replica + 1)},
		{"the replicas are cut off", true, func(ctx context.Context) (mending, error) {
			mend, err := d.cluster.CutOff(ctx)
			return func(context.Context) error { return mend() }, err
		}},
		{"the primary is killed", false, d.halt(pgdev.Primary)},
		{"those who listen are cut off", false, func(ctx context.Context) (mending, error) {
			_, err := d.primary.Exec(ctx, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'docket listens'")
			return nothing, err
		}},
		{"those who listen hear nothing", false, func(context.Context) (mending, error) {
			for _, i := range d.instances {
				i.way.Swallow()
			}
			return nothing, nil
		}},
		{"an instance is killed", false, func(context.Context) (mending, error) {
			return d.instances[0].revive, d.instances[0].end(syscall.SIGKILL)
		}},
	}
}

// halt kills a node until it is mended.
func (d *deployment) halt(node pgdev.Node) func(context.Context) (mending, error) {
	return func(context.Context) (mending, error) {
		d.cluster.Halt(node)
		return func(ctx context.Context) error {
			err := d.cluster.Resume(ctx, node)
			for _, pool := range append([]*pgxpool.Pool{d.primary}, d.replicas...) {
				pool.Reset() // what is left of the connections from before
			}
			return err
		}, nil
	}
}

// pause keeps replicas where they are.
func pause(ctx context.Context, replicas ...*pgxpool.Pool) (mending, error) {
	err := all(ctx, replicas, "SELECT pg_wal_replay_pause()")
	return func(ctx context.Context) error { return all(ctx, replicas, "SELECT pg_wal_replay_resume()") }, err
}

func all(ctx context.Context, nodes []*pgxpool.Pool, statement string) (err error) {
	for _, node := range nodes {
		_, failed := node.Exec(ctx, statement)
		err = errors.Join(err, failed)
	}
	return err
}

func shuffled(faults []fault) []fault {
	rand.Shuffle(len(faults), func(i, j int) { faults[i], faults[j] = faults[j], faults[i] })
	return faults
}
