package web_test

import (
	"strings"
	"testing"
)

func TestTrace_InLog(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := visitor(t, s.URL)
	const trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	b.get("/healthz", "Traceparent", trace)
	if !strings.Contains(s.Log.String(), `"traceparent":"`+trace+`"`) {
		t.Error("the log lacks the trace")
	}
	before := strings.Count(s.Log.String(), "traceparent")
	for _, bad := range []string{
		"", "x", strings.ToUpper(trace), "01" + trace[2:], trace + "-x", strings.Replace(trace, "4bf92f3577b34da6a3ce929d0e0e4736", strings.Repeat("0", 32), 1),
		strings.Replace(trace, "00f067aa0ba902b7", strings.Repeat("0", 16), 1), strings.Replace(trace, "4b", "CANARY", 1),
	} {
		b.get("/healthz", "Traceparent", bad)
	}
	b.get("/healthz", "Traceparent", trace, "Traceparent", trace)
	if after := strings.Count(s.Log.String(), "traceparent"); after != before {
		t.Errorf("%d values that are no trace got into the log", after-before)
	}
}
