package views

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"time"

	"docket/internal/numbers"
	"docket/internal/sla"
)

// NumbersView is how the system is doing, as staff see it.
type NumbersView struct {
	Filter  Filter // of which From and To count
	Report  numbers.Report
	Names   map[string]string // actor → what to show
	Invalid map[string]string // from, to → message
}

// NumbersPath is the numbers of a range, from and to as typed; both empty: the last days.
func NumbersPath(from, to string) string {
	return withQuery("/numbers", queryOf(map[string]string{"from": from, "to": to}))
}

// numbersRange is a range that a link leads to.
type numbersRange struct {
	Name string
	URL  string
}

// numbersRanges are ranges that end now, by how many days they have.
func numbersRanges(site Site) []numbersRange {
	today := inZone(site.Form, site.Now)
	ranges := []numbersRange{{site.T("numbers.today"), NumbersPath(today.Format(time.DateOnly), "")}}
	for _, days := range []int{7, 30} {
		ranges = append(ranges, numbersRange{site.T("numbers.last_days", "Count", days), NumbersPath(today.AddDate(0, 0, 1-days).Format(time.DateOnly), "")})
	}
	return ranges
}

// figure is one number, with what it was before.
type figure struct {
	Name, Value, Before string
}

// figures are the numbers at the top of the page.
func (v NumbersView) figures(site Site) []figure {
	now, before := v.Report.Totals, v.Report.Before
	waiting := numberText(site, v.Report.Waiting.Sum())
	if v.Report.Waiting.More {
		waiting = site.T("numbers.more_than", "Count", numbers.MaxWaiting)
	}
	decided, decidedBefore := now.DecidedBy(), before.DecidedBy()
	return []figure{
		{site.T("numbers.waiting"), waiting, ""},
		{site.T("numbers.submitted"), numberText(site, now.Submitted), numberText(site, before.Submitted)},
		{site.T("numbers.decided"), numberText(site, decided.Sum()), numberText(site, decidedBefore.Sum())},
		{site.T("numbers.approved_share"), shareText(site, decided.Approved, decided.Sum()), shareText(site, decidedBefore.Approved, decidedBefore.Sum())},
		{site.T("numbers.median_wait"), lengthOf(site, now.Wait.Quantile(0.5)), lengthOf(site, before.Wait.Quantile(0.5))},
		{site.T("numbers.most_wait"), lengthOf(site, now.Wait.Quantile(0.95)), lengthOf(site, before.Wait.Quantile(0.95))},
	}
}

// rangeName is the range of the page. Its days are those of the form, so that all see the same numbers.
func (v NumbersView) rangeName(site Site) string {
	day := func(t time.Time) string { return site.words().Day(inZone(site.Form, t)) }
	return site.T("numbers.range", "From", day(v.Report.From), "To", day(v.Report.To.Add(-time.Millisecond)), "Zone", zoneName(site.Form.Zone, site.Now))
}

// partName is when a part of the range was.
func (v NumbersView) partName(site Site, p numbers.Part) string {
	begin := inZone(site.Form, p.Begin)
	if v.Report.Hourly {
		return site.words().ShortClock(begin)
	}
	return site.words().Day(begin)
}

// partLabel is the name of a part below a chart; empty for those between.
func (v NumbersView) partLabel(site Site, i int, p numbers.Part) string {
	every := labelEvery(len(v.Report.Parts))
	if i%every != 0 {
		return ""
	}
	if v.Report.Hourly {
		return inZone(site.Form, p.Begin).Format("15:04")
	}
	return site.words().ShortDay(inZone(site.Form, p.Begin))
}

// flow is the chart of what was sent and decided.
func (v NumbersView) flow(site Site) columnChart {
	c := columnChart{Label: site.T("numbers.flow_chart")}
	var highest int64
	for i, p := range v.Report.Parts {
		highest = max(highest, p.Submitted, p.Sum())
		c.Columns = append(c.Columns, column{
			Label: v.partLabel(site, i, p),
			Title: site.T("numbers.flow_title", "Time", v.partName(site, p), "Submitted", int(p.Submitted), "Approved", int(p.Approved), "Rejected", int(p.Rejected)),
			Marks: []mark{
				{Series: "submitted", Lane: 0, Lanes: 2, To: float64(p.Submitted)},
				{Series: "approved", Lane: 1, Lanes: 2, To: float64(p.Approved)},
				{Series: "rejected", Lane: 1, Lanes: 2, From: float64(p.Approved), To: float64(p.Sum())},
			},
		})
	}
	c.scaleCounts(site, highest)
	return c
}

// waits is the chart of the time to a decision.
func (v NumbersView) waits(site Site) columnChart {
	c := columnChart{Label: site.T("numbers.wait_chart")}
	var highest time.Duration
	for i, p := range v.Report.Parts {
		median, most := p.Wait.Quantile(0.5), p.Wait.Quantile(0.95)
		highest = max(highest, most)
		c.Columns = append(c.Columns, column{
			Label: v.partLabel(site, i, p),
			Title: site.T("numbers.wait_title", "Time", v.partName(site, p), "Median", lengthOf(site, median), "Most", lengthOf(site, most)),
			Marks: []mark{
				{Series: "most", Lanes: 1, From: median.Seconds(), To: most.Seconds()},
				{Series: "median", Lanes: 1, To: median.Seconds()},
			},
		})
	}
	promised := site.Form.SLA
	if !promised.AllHours() { // the chart has lengths of time
		promised = sla.SLA{}
	}
	c.scaleTimes(site, max(highest, promised.Late))
	for _, line := range []gridLine{{promised.Warn.Seconds(), "", "warn"}, {promised.Late.Seconds(), site.T("numbers.late"), "late"}} {
		if line.Value > 0 && line.Value <= c.Max {
			c.addLine(line)
		}
	}
	return c
}

// waitingByAge is how many wait, by how long.
func (v NumbersView) waitingByAge(site Site) barTable {
	b := barTable{Label: site.T("numbers.by_age"), Name: site.T("numbers.age"), Count: site.T("numbers.tickets"), Series: "submitted"}
	if v.Report.Waiting.Sum() == 0 {
		return b
	}
	for i, n := range v.Report.Waiting.Ages {
		b.Rows = append(b.Rows, barRow{Name: ageName(site, i), Value: n})
	}
	return b
}

// ageName is the name of an age between two of numbers.AgeBounds.
func ageName(site Site, i int) string {
	span := func(d time.Duration) string { return site.words().Span(d) }
	switch {
	case i == 0:
		return site.T("numbers.younger", "Span", span(numbers.AgeBounds[0]))
	case i == len(numbers.AgeBounds):
		return site.T("numbers.older", "Span", span(numbers.AgeBounds[i-1]))
	}
	return site.T("numbers.between", "From", span(numbers.AgeBounds[i-1]), "To", span(numbers.AgeBounds[i]))
}

// deciders are who decided: people, rules, other systems.
func (v NumbersView) deciders(site Site) barTable {
	b := barTable{Label: site.T("numbers.deciders"), Name: site.T("numbers.by"), Count: site.T("numbers.decided"), Shares: true, Compare: true, Series: "submitted"}
	for _, kind := range []string{"agent", "rule", "key"} {
		now, before := v.Report.Totals.DecidedBy(kind).Sum(), v.Report.Before.DecidedBy(kind).Sum()
		if now+before > 0 {
			b.Rows = append(b.Rows, barRow{Name: site.T("numbers.by." + kind), Value: now, Before: before})
		}
	}
	return b
}

// byValue lists the keys of two counts, the highest of the first one first.
func byValue[K cmp.Ordered](now, before map[K]int64) []K {
	all := maps.Clone(before)
	if all == nil {
		all = map[K]int64{}
	}
	maps.Copy(all, now)
	return slices.SortedFunc(maps.Keys(all), func(a, b K) int {
		return cmp.Or(cmp.Compare(now[b], now[a]), cmp.Compare(before[b], before[a]), cmp.Compare(a, b))
	})
}

// reasons are the reasons of rejections.
func (v NumbersView) reasons(site Site) barTable {
	b := barTable{Label: site.T("numbers.reasons"), Name: site.T("numbers.reason"), Count: site.T("numbers.rejections"), Compare: true, Series: "rejected"}
	for _, code := range byValue(v.Report.Totals.Reasons, v.Report.Before.Reasons) {
		b.Rows = append(b.Rows, barRow{Name: reasonLabels([]string{code}, site.Form), Value: v.Report.Totals.Reasons[code], Before: v.Report.Before.Reasons[code]})
	}
	return b
}

// attempts are how often users had to send until they were approved.
func (v NumbersView) attempts(site Site) barTable {
	b := barTable{Label: site.T("numbers.attempts"), Name: site.T("numbers.attempt"), Count: site.T("numbers.approvals"), Shares: true, Compare: true, Series: "approved"}
	all := maps.Clone(v.Report.Totals.Attempts)
	maps.Copy(all, v.Report.Before.Attempts)
	for _, attempt := range slices.Sorted(maps.Keys(all)) {
		b.Rows = append(b.Rows, barRow{Name: strconv.Itoa(attempt), Value: v.Report.Totals.Attempts[attempt], Before: v.Report.Before.Attempts[attempt]})
	}
	return b
}

// namedRule is what a rule decided.
type namedRule struct {
	Name string
	numbers.Outcomes
	Before numbers.Outcomes
}

// rules are the rules that decided anything, those with the most first.
func (v NumbersView) rules() (all []namedRule) {
	now, before := map[string]int64{}, map[string]int64{}
	for name, o := range v.Report.Totals.Rules {
		now[name] = o.Sum()
	}
	for name, o := range v.Report.Before.Rules {
		before[name] = o.Sum()
	}
	for _, name := range byValue(now, before) {
		all = append(all, namedRule{name, v.Report.Totals.Rules[name], v.Report.Before.Rules[name]})
	}
	return all
}

// namedAgent is what an agent did.
type namedAgent struct {
	Name string
	Me   bool
	numbers.Agent
	Before int64 // decisions
}

// mostDecided is how many the agent decided who decided most.
func mostDecided(all []namedAgent) (most int64) {
	for _, a := range all {
		most = max(most, a.Sum())
	}
	return most
}

// agents are the agents that the page may name, those with the most decisions first: an admin sees all, others themselves.
func (v NumbersView) agents(site Site) (all []namedAgent) {
	now, before := map[string]int64{}, map[string]int64{}
	for id, a := range v.Report.Totals.Agents {
		now[id] = a.Sum()
	}
	for id, a := range v.Report.Before.Agents {
		before[id] = a.Sum()
	}
	if !site.Me.Admin() {
		now[site.Me.ID] += 0 // one who has decided nothing sees that
	}
	for _, id := range byValue(now, before) {
		if me := id == site.Me.ID; me || site.Me.Admin() {
			all = append(all, namedAgent{site.actorName(v.Names, "agent:"+id), me, v.Report.Totals.Agents[id], before[id]})
		}
	}
	return all
}
