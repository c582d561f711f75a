package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

const clockTick = 10 * time.Millisecond // the unit of times in /proc, on every Linux

// stat is what /proc says of a process.
type stat struct {
	parent int
	spent  time.Duration // user and system, with that of children who have ended
}

// cpuTime is the processor time of processes and their descendants. A process that has ended counts as zero.
func cpuTime(pids ...int) (total time.Duration) {
	all := listProcesses()
	for pid, s := range all {
		if descendsFrom(all, pid, pids) {
			total += s.spent
		}
	}
	return total
}

func listProcesses() map[int]stat {
	paths, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well formed
	all := make(map[int]stat, len(paths))
	for _, path := range paths {
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if s, ok := readStat(path); err == nil && ok {
			all[pid] = s
		}
	}
	return all
}

func readStat(path string) (stat, bool) {
	text, err := os.ReadFile(path)
	if err != nil { // it has ended
		return stat{}, false
	}
	_, rest, _ := strings.Cut(string(text), ") ") // the name before may hold spaces
	fields := strings.Fields(rest)
	if len(fields) < 15 {
		return stat{}, false
	}
	parent, _ := strconv.Atoi(fields[1]) // the kernel writes numbers
	var s int64
	for _, field := range fields[11:15] { // utime, stime, cutime, cstime
		n, _ := strconv.ParseInt(field, 10, 64) // as above
		s += n
	}
	return stat{parent: parent, spent: time.Duration(s) * clockTick}, true
}

func descendsFrom(all map[int]stat, pid int, from []int) bool {
	for ; pid > 1; pid = all[pid].parent {
		if slices.Contains(from, pid) {
			return true
		}
	}
	return false
}

func parentOf(pid int) int {
	s, _ := readStat(fmt.Sprintf("/proc/%d/stat", pid)) // of what has ended: 0
	return s.parent
}

// residentMemory is how much memory a process has in use, in bytes.
func residentMemory(pid int) int64 { return memoryOf(pid, "VmRSS") }

// memoryOf is one of the sizes that the kernel knows of a process, in bytes.
func memoryOf(pid int, name string) int64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)) // of what has ended: 0
	for line := range strings.Lines(string(text)) {
		if kib, ok := strings.CutPrefix(line, name+":"); ok {
			n, _ := strconv.ParseInt(strings.Fields(kib)[0], 10, 64) // the kernel writes numbers
			return n << 10
		}
	}
	return 0
}

// processorModel is the name of the processor.
func processorModel() string {
	text, _ := os.ReadFile("/proc/cpuinfo") // without it the table says unknown
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown processor"
}
