package web_test

import (
	"strings"
	"testing"
)

// HEAD is answered wherever GET is, and like it.
func TestHead_EveryRoute(t *testing.T) {
	t.Parallel()
	s := start(t)
	callers := newAccessCallers(t, s)
	for _, row := range accessRows {
		path, isGet := strings.CutPrefix(row.pattern, "GET ")
		if !isGet {
			continue
		}
		caller := "admin"
		if row.scope != "" {
			caller = "key"
		} else if strings.HasPrefix(path, "/tickets") {
			caller = "owner"
		}
		head := row
		head.pattern = "HEAD " + path
		if got, want := callers.ask(t, caller, head), callers.ask(t, caller, row); got != want {
			t.Errorf("%s is answered %s, and GET %s", head.pattern, got, want)
		}
	}
}
