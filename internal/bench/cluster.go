package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"docket/internal/consistency"
	"docket/internal/pgdev"
)

type cluster struct {
	Listen string        `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where the balancer listens (${default})."`
	For    time.Duration `help:"Drive a mixed load for so long, while parts are ended and run again, and tell what was seen. Default: serve until Ctrl-C."`
}

// Run runs what compose.yaml describes as processes of this machine.
func (c cluster) Run(ctx context.Context) (err error) {
	d, err := deploy(ctx, 2, 2)
	if d != nil {
		defer func() { err = errors.Join(err, d.end()) }()
	}
	if err != nil {
		return err
	}
	b, err := balance(ctx, c.Listen, d.instances)
	if err != nil {
		return err
	}
	defer b.server.Close()
	d.welcome(b)
	if c.For > 0 {
		return d.drive(ctx, b, c.For)
	}
	<-ctx.Done()
	return nil
}

func (d *deployment) welcome(b *balancer) {
	fmt.Printf("balancer   %s\n", b.url)
	for _, i := range d.instances {
		fmt.Printf("instance   %s\n", i.URL)
	}
	fmt.Printf("primary    %s\n", d.url)
	for _, url := range d.cluster.Replicas(pgdev.Database) {
		fmt.Printf("replica    %s\n", url)
	}
	fmt.Printf("agent      %s, password %s\nAPI key    %s\n", agentEmail, password, d.key)
}

// drive has people read and write through the balancer while a replica dies and an instance is replaced.
func (d *deployment) drive(ctx context.Context, b *balancer, lasts time.Duration) error {
	s := &soaked{deployment: d, client: newClient(d.key), counts: map[string]int{}, injected: map[string]int{}}
	front := &instance{URL: b.url, several: true}
	j := consistency.NewJournal(time.Now)
	users := newUsers(3)
	work, stop := context.WithTimeout(ctx, lasts)
	defer stop()
	var people sync.WaitGroup
	for n := range 4 {
		people.Go(func() { s.writer(work, j, fmt.Sprintf("writer %d", n), front, users) })
	}
	for n := range 6 {
		people.Go(func() { s.reader(work, j, fmt.Sprintf("reader %d", n), front, often, users, n < 2) })
	}
	err := s.replace(work, lasts/6)
	people.Wait()
	if err != nil || ctx.Err() != nil {
		return errors.Join(err, ctx.Err())
	}
	if err := s.check(ctx, j); err != nil {
		return err
	}
	s.tell()
	return s.verdict(ctx)
}

// replace ends a replica, and each instance as an upgrade does, one after the other.
func (s *soaked) replace(ctx context.Context, pause time.Duration) error {
	wait(ctx, pause)
	s.injected["a replica is killed and comes back"]++
	s.cluster.Halt(pgdev.Replica)
	wait(ctx, pause)
	if err := s.cluster.Resume(ctx, pgdev.Replica); err != nil {
		return err
	}
	for _, i := range s.instances {
		wait(ctx, pause)
		s.injected["an instance gets SIGTERM and is run again"]++
		if err := errors.Join(i.end(syscall.SIGTERM), i.revive(context.WithoutCancel(ctx))); err != nil {
			return err
		}
	}
	<-ctx.Done()
	return nil
}

// verdict checks the whole database, and says whether a promise was broken.
func (s *soaked) verdict(ctx context.Context) error {
	verify := exec.CommandContext(ctx, s.binary(), "verify", "--database-url", s.url)
	verify.Stdout, verify.Stderr = os.Stdout, os.Stderr
	if err := verify.Run(); err != nil {
		s.broken = append(s.broken, "docket verify: "+err.Error())
	}
	if len(s.broken) > 0 {
		return fmt.Errorf("%d promises were broken, the first: %s", len(s.broken), s.broken[0])
	}
	fmt.Println("no promise was broken")
	return nil
}
