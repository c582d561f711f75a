package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"docket/internal/account"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// postLogin signs in without cookies, and returns the status; 0: no answer.
func postLogin(t *testing.T, base, email, password string) int {
	t.Helper()
	form := url.Values{"email": {email}, "password": {password}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/login", strings.NewReader(form.Encode()))
	if err != nil {
		t.Error(err)
		return 0
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return 0
	}
	_ = answer.Body.Close() // only its status is read
	return answer.StatusCode
}

// TestLogin_TwoHundredAtOnce sends wrong passwords to two instances.
func TestLogin_TwoHundredAtOnce(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 2, testdb.New(t))
	email, _ := s.Account(t, "ann", account.Customer)
	known := visitor(t, s.URL)
	known.login(email)
	known.post("/logout", nil).want(t, 303)
	var mu sync.Mutex // guards statuses
	var all sync.WaitGroup
	statuses := map[int]int{}
	for i := range 200 {
		all.Go(func() {
			status := postLogin(t, s.URLs[i%2], email, "not the password")
			mu.Lock()
			defer mu.Unlock()
			statuses[status]++
		})
	}
	all.Wait()
	if n := statuses[422]; n < 1 || n > 20 || n+statuses[429]+statuses[503] != 200 {
		t.Errorf("of 200 wrong passwords so many had the status %v, want at most 20 compared (422)", statuses)
	}
	if _, err := s.Instances[0].Primary.Exec(t.Context(), "UPDATE tries SET level = 20, at_ms = now_ms()"); err != nil {
		t.Fatal(err)
	}
	for _, base := range s.URLs {
		if status := postLogin(t, base, email, testsite.Password); status != 429 {
			t.Errorf("the right password from elsewhere: %d, want 429 on every instance", status)
		}
	}
	known.login(email)
}

// TestLogin_AnonymousConnections has 120 connections that send passwords all the time.
func TestLogin_AnonymousConnections(t *testing.T) {
	t.Parallel()
	s := start(t)
	email, _ := s.Account(t, "ann", account.Customer)
	known := visitor(t, s.URL)
	known.login(email)
	known.post("/logout", nil).want(t, 303)
	answered, done := make(chan int), make(chan struct{})
	var all sync.WaitGroup
	for i := range 120 {
		all.Go(func() {
			for n := 0; ; n++ {
				status := postLogin(t, s.URL, "nobody"+strconv.Itoa(i)+"-"+strconv.Itoa(n)+"@example.com", "not the password")
				select {
				case answered <- status:
				case <-done:
					return
				}
			}
		})
	}
	for range 12 {
		if status := <-answered; status != 422 && status != 503 {
			t.Errorf("an unknown address: %d", status)
		}
	}
	known.login(email)
	close(done)
	all.Wait()
}
