package web_test

import (
	"bufio"
	"net/http"
	"sync"
	"testing"

	"docket/internal/account"
)

// TestEvents_ManyAtOnce opens the event streams of a large team at the same moment, as after a restart.
func TestEvents_ManyAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	agents := []*browser{}
	for _, name := range []string{"one", "two", "three", "four", "five"} {
		agent, _ := signedIn(t, s, name, account.Agent)
		agents = append(agents, agent)
	}
	var streams sync.WaitGroup
	begin := make(chan struct{})
	for i := range 500 {
		streams.Go(func() {
			<-begin
			stream, err := agents[i%len(agents)].client.Get(s.URL + "/review/events")
			if err != nil {
				t.Error(err)
				return
			}
			t.Cleanup(func() { stream.Body.Close() })
			first, err := bufio.NewReader(stream.Body).ReadString('\n')
			if stream.StatusCode != http.StatusOK || first != ": connected\n" {
				t.Errorf("%d %.100q, %v", stream.StatusCode, first, err)
			}
		})
	}
	close(begin)
	streams.Wait()
}
