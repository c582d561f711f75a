package main

import (
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

const tableHeader = `# How fast

Docket beside what it cannot beat, written by %s. Both sides take turns for %d rounds of %s; the
figures are medians of the rounds, ratios are medians of the ratios of each round. CPU is user and system time of the
server process and of every process of PostgreSQL, for one operation; the load comes from another process.

%s, commit %s. %d processors (%s), Linux, %s, PostgreSQL %s. The large database has %d tickets.

Look-ups check the API key, set the ETag and write a line of the log for each request, over 32 keep-alive connections. The
bare handler writes the same bytes. What is written is on the disk when it is answered; the limits write to tables
with the same indexes and checks, but without triggers: no history, nothing that refuses.

| work | beside | docket | CPU each | limit | CPU each | CPU | rate | p50 | target |
|---|---|--:|--:|--:|--:|--:|--:|--:|---|
`

const deskHeader = `
Lists, searches, counts and charts of the desk, without their HTML: the median time in a database of ten thousand tickets, in the
large one, and of the same statements there by pgx alone. Of every hundred open tickets the oldest is snoozed and
the next two are handed over; of few more, so that these lists fill a page there, too.
Targets: at most 1.5 times what it is with few tickets, and 1.3 times the statements.

`

// formatTable is all results in Markdown.
func (b *bench) formatTable(version string, tickets int) string {
	var t strings.Builder
	commit, _ := exec.Command("git", "describe", "--always", "--dirty").Output() // without git the table says none
	fmt.Fprintf(&t, tableHeader, "`make bench`", b.rounds, b.duration, time.Now().UTC().Format("2006-01-02 15:04 UTC"),
		strings.TrimSpace(string(commit)), runtime.NumCPU(), processorModel(), runtime.Version(), version, tickets)
	for _, r := range b.results {
		fmt.Fprintf(&t, "| %s | %s | %.0f/s | %.1f µs | %.0f/s | %.1f µs | %.2f× | %.2f× | %.2f× | %s |\n",
			r.work, r.beside, r.rate, r.perOp, r.limitRate, r.limitOp, r.cpuRatio, r.rateRatio, r.p50Ratio, r.target)
	}
	t.WriteString("\n| | | target |\n|---|--:|---|\n")
	for _, f := range b.figures {
		fmt.Fprintf(&t, "| %s | %s | %s |\n", f.name, f.value, f.target)
	}
	if len(b.capacity) > 0 {
		t.WriteString(b.formatCapacity())
	}
	if len(b.desk) > 0 {
		t.WriteString(deskHeader + formatDesk(b.desk))
	}
	return t.String()
}

// formatDesk is what agents read, in Markdown.
func formatDesk(results []deskResult) string {
	var t strings.Builder
	t.WriteString("| what agents read | few tickets | many | | by pgx alone | |\n|---|--:|--:|--:|--:|--:|\n")
	for _, r := range results {
		fmt.Fprintf(&t, "| %s | %.2f ms | %.2f ms | %.2f× | %.2f ms | %.2f× |\n", r.name, inMS(r.small), inMS(r.large), inMS(r.large)/inMS(r.small), inMS(r.bare), inMS(r.large)/inMS(r.bare))
	}
	return t.String()
}
