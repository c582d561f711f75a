package chaos_test

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// answerTime is how long a client waits for an answer before it counts as lost: what comes later is no use to it.
const answerTime = time.Second

// TestOverload_TenTimes compares the goodput, successful answers within answerTime, of the best number of clients with that of ten
// times as many, which ask again at once when they are refused. It is not parallel: it compares rates. The figures are in its log.
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
			best, clients := 0.0, 0
			measureGoodput(t, r.docket.url, 64, send) // until every connection is made
			for _, n := range []int{16, 64, 256} {
				if good := measureGoodput(t, r.docket.url, n, send); good > best {
					best, clients = good, n
				}
			}
			over := measureGoodput(t, r.docket.url, 10*clients, send)
			t.Logf("%.0f %%: %.0f good answers a second to %d clients, %.0f to %d", 100*over/best, best, clients, over, 10*clients)
			if over < best/4 {
				t.Errorf("%.0f good answers a second to ten times as many clients, want a quarter of %.0f at least", over, best)
			}
		})
	}
}

// measureGoodput returns how many good answers a second so many clients get.
func measureGoodput(t *testing.T, url string, clients int, send func(c *caller) (answer, error)) float64 {
	t.Helper()
	var good, refused, late atomic.Int64
	var stopped atomic.Bool
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			for c := newCaller(url); !stopped.Load(); {
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
	const duration = 4 * time.Second
	time.Sleep(duration / 4) // until it is steady
	before, began := good.Load(), time.Now()
	time.Sleep(duration)
	rate := float64(good.Load()-before) / time.Since(began).Seconds()
	stopped.Store(true)
	all.Wait()
	t.Logf("%d clients: %.0f good answers a second; in all %d refused, %d late", clients, rate, refused.Load(), late.Load())
	return rate
}
