package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// site is a docket dev in a folder of its own, which ends and goes with the program.
type site struct {
	dir     string
	command *exec.Cmd
	env     map[string]string
	closes  func() // what the site needs beside docket; nil: nothing
}

// startSite starts docket with demo tickets and waits until it is ready.
func startSite(ctx context.Context, binary string) (*site, error) {
	dir, err := os.MkdirTemp("", "docket-screenshots-")
	if err != nil {
		return nil, err
	}
	return startDev(ctx, binary, dir, "--demo")
}

// startDev starts docket dev in a folder, with more arguments, and waits until it is ready.
func startDev(ctx context.Context, binary, dir string, args ...string) (*site, error) {
	args = append([]string{"dev", "--dir", filepath.Join(dir, "data"), "--listen", "127.0.0.1:0"}, args...)
	s := &site{dir: dir, command: exec.CommandContext(ctx, binary, args...)}
	s.command.Cancel = func() error { return s.command.Process.Signal(syscall.SIGTERM) }
	s.command.Env = append(os.Environ(), "LOG_LEVEL=error", "UNDO_SECONDS=60") // a pending decision is taken in many sizes before it goes out
	s.command.Stderr = os.Stderr
	if err := s.start(); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

func (s *site) start() error {
	output, err := s.command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := s.command.Start(); err != nil {
		return err
	}
	for lines := bufio.NewScanner(output); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "ready ") {
			return s.readEnv()
		}
	}
	return errors.New("docket ended before it was ready")
}

func (s *site) readEnv() error {
	text, err := os.ReadFile(filepath.Join(s.dir, "data", "env"))
	if err != nil {
		return err
	}
	s.env = map[string]string{}
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			s.env[name] = strings.Trim(value, `'"`)
		}
	}
	if s.env["BASE_URL"] == "" {
		return fmt.Errorf("%s/data/env has no BASE_URL", s.dir)
	}
	return nil
}

// run runs a command of docket on the site's database.
func (s *site) run(args ...string) error {
	command := exec.Command(s.command.Path, args...)
	command.Env = os.Environ()
	for name, value := range s.env {
		command.Env = append(command.Env, name+"="+value)
	}
	if said, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("docket %s: %w: %s", strings.Join(args, " "), err, said)
	}
	return nil
}

// stop ends docket and deletes its folder.
func (s *site) stop() {
	if s.command.Process != nil {
		_ = s.command.Process.Signal(syscall.SIGTERM) // it may have ended by itself
		_ = s.command.Wait()
	}
	if s.closes != nil {
		s.closes()
	}
	if err := os.RemoveAll(s.dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}
