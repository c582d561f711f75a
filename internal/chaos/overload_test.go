package chaos_test

import (
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// answerTime is how long a client waits for an answer before it counts as lost: what comes later is no use to it.
const answerTime = time.Second

const overloadRounds = 3 // of both numbers of clients

// TestOverload_TenTimes compares the goodput, successful answers within answerTime, of the best number of clients with that of ten
// times as many, which ask again at once when they are refused. The clients take processor time from docket, the more of it the
// more there are, and other programs do, too: so what is compared is the goodput for each second of processor time that docket and
// its databases had. It is not parallel: it compares rates. The figures are in its log.
func TestOverload_TenTimes(t *testing.T) {
	if testing.Short() {
		t.Skip("it measures for more than a minute")
	}
	r := newRig(t)
	var users atomic.Int64
	for name, send := range map[string]func(c *caller) (answer, error){
		"submit": func(c *caller) (answer, error) {
			user := fmt.Sprint("user-", users.Add(1))
			return c.send("POST", "/api/v1/tickets", `{"user_id":"`+user+`","extra":`+personJSON+`}`, "Authorization: Bearer "+r.key,
				"Content-Type: application/json", "Idempotency-Key: "+user)
		},
		"list": func(c *caller) (answer, error) {
			return c.send("GET", "/api/v1/tickets?limit=50", "", "Authorization: Bearer "+r.key)
		},
		"look up": func(c *caller) (answer, error) {
			return c.send("GET", fmt.Sprint("/api/v1/users/nobody-", users.Add(1), "/latest-ticket"), "", "Authorization: Bearer "+r.key, "Cache-Control: no-cache")
		},
	} {
		t.Run(name, func(t *testing.T) {
			clients := r.findBestClients(t, send)
			var best, over goodput
			for range overloadRounds { // in turns: other programs do not take the same from both
				best.add(r.measureGoodput(t, clients, send))
				over.add(r.measureGoodput(t, 10*clients, send))
			}
			share := over.perServerSecond() / best.perServerSecond()
			t.Logf("%d clients beside %d: %.0f %% of the good answers for each second of processor time of docket and its databases, %.0f %% for each second",
				10*clients, clients, 100*share, 100*over.perSecond()/best.perSecond())
			if share < 0.6 {
				t.Errorf("%.0f %% of the good answers for each second of processor time, want 60 %% at least", 100*share)
			}
		})
	}
}

// findBestClients returns the number of clients that get the most good answers.
func (r *rig) findBestClients(t *testing.T, send func(c *caller) (answer, error)) (clients int) {
	t.Helper()
	r.measureGoodput(t, 64, send) // until every connection is made
	best := 0.0
	for _, n := range []int{16, 64, 256} {
		if good := r.measureGoodput(t, n, send); good.perSecond() > best {
			best, clients = good.perSecond(), n
		}
	}
	return clients
}

// goodput is how many good answers there were, in which time.
type goodput struct {
	good         float64
	took, server time.Duration // server: processor time that docket and its databases used
}

func (g *goodput) add(more goodput) {
	g.good += more.good
	g.took += more.took
	g.server += more.server
}

func (g *goodput) perSecond() float64 { return g.good / g.took.Seconds() }

func (g *goodput) perServerSecond() float64 { return g.good / g.server.Seconds() }

// measureGoodput returns how many good answers so many clients get.
func (r *rig) measureGoodput(t *testing.T, clients int, send func(c *caller) (answer, error)) goodput {
	t.Helper()
	var good, refused, late atomic.Int64
	var stopped atomic.Bool
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			for c := newCaller(r.docket.url); !stopped.Load(); {
				a, err := send(c)
				switch {
				case err != nil:
					t.Error(err)
					return
				case a.status == http.StatusServiceUnavailable:
					refused.Add(1)
				case a.took > answerTime:
					late.Add(1)
				default:
					good.Add(1)
				}
			}
		})
	}
	const duration = 3 * time.Second
	time.Sleep(duration / 4) // until it is steady
	before, began, serverBefore, clientBefore := good.Load(), time.Now(), r.serverTime(t), processorTime(t, os.Getpid())
	time.Sleep(duration)
	found := goodput{float64(good.Load() - before), time.Since(began), r.serverTime(t) - serverBefore}
	client := processorTime(t, os.Getpid()) - clientBefore
	stopped.Store(true)
	all.Wait()
	t.Logf("%d clients: %.0f good answers a second, %.0f for each second of processor time; docket and its databases use %.2f processors, the clients %.2f; in all %d refused, %d late",
		clients, found.perSecond(), found.perServerSecond(), found.server.Seconds()/found.took.Seconds(), client.Seconds()/found.took.Seconds(), refused.Load(), late.Load())
	return found
}

// serverTime is the processor time that docket and its databases have used.
func (r *rig) serverTime(t *testing.T) (total time.Duration) {
	t.Helper()
	pids := []int{r.docket.cmd.Process.Pid}
	for _, url := range append(r.replicas(), r.db.Primary) {
		pids = append(pids, r.serverProcesses(t, url)...)
	}
	for _, pid := range pids {
		total += processorTime(t, pid)
	}
	return total
}

// processorTime is what a process has used, with those of its children that have ended; zero if it has ended.
func processorTime(t *testing.T, pid int) time.Duration {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), ") ") // the name before may have spaces
	fields := strings.Fields(rest)
	ticks := 0
	for _, field := range fields[11:15] { // in user mode, in the kernel; the same of children
		n, err := strconv.Atoi(field)
		if err != nil {
			t.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond // on every Linux
}
