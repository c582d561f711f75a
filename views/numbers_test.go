package views_test

import (
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/i18n"
	"docket/internal/numbers"
	"docket/views"
)

// someNumbers are those of a month, with its first day empty.
func someNumbers() numbers.Report {
	random := rand.New(rand.NewPCG(1, 1))
	report := numbers.Report{From: now.AddDate(0, 0, -29), To: now, Waiting: numbers.Waiting{Ages: [6]int64{12, 30, 8, 4, 0, 3}}}
	totals := func() numbers.Totals {
		return numbers.Totals{
			Submitted: 1200, Withdrawn: 12, Revoked: 1,
			Decided:  map[string]numbers.Outcomes{"agent": {Approved: 700, Rejected: 250}, "rule": {Rejected: 90}, "key": {Approved: 1}},
			Reasons:  map[string]int64{"image_glare": 120, "underage": 31, "gone_from_the_form": 4},
			Rules:    map[string]numbers.Outcomes{"too-young": {Rejected: 90}},
			Agents:   map[string]numbers.Agent{"clerk-0042": {Outcomes: numbers.Outcomes{Approved: 700, Rejected: 200}, Revoked: 1, Time: numbers.Durations{22: 700}}, "a1": {Outcomes: numbers.Outcomes{Rejected: 50}}},
			Attempts: map[int]int64{1: 600, 2: 90, 3: 11},
			Wait:     numbers.Durations{30: 100, 48: 700, 60: 150},
		}
	}
	report.Totals, report.Before = totals(), totals()
	for i := range 30 {
		part := numbers.Part{Begin: now.AddDate(0, 0, i-29)}
		if i > 0 {
			n := random.Int64N(60)
			part.Submitted, part.Outcomes = n+random.Int64N(20), numbers.Outcomes{Approved: n, Rejected: random.Int64N(15)}
			part.Wait = numbers.Durations{60: 2}
			part.Wait.AddTo(30+int(n)/3, n)
		}
		report.Parts = append(report.Parts, part)
	}
	return report
}

// addNumbers adds the states of the page with numbers.
func addNumbers(site views.Site, add func(name, role string, page, part templ.Component)) {
	admin := site
	admin.Me.Role = "admin"
	names := map[string]string{"agent:clerk-0042": "minh@desk.example"}
	for name, v := range map[string]views.NumbersView{
		"numbers":       {Report: someNumbers(), Names: names},
		"numbers-empty": {Report: numbers.Report{From: now, To: now.Add(time.Hour), Hourly: true, Parts: []numbers.Part{{Begin: now}}}},
		"numbers-wrong": {Invalid: map[string]string{"from": "At most 31 days at a time."}},
	} {
		add(name, "agent", views.NumbersPage(site, v), views.Numbers(site, v))
		add(name+"-admin", "admin", views.NumbersPage(admin, v), views.Numbers(admin, v))
	}
}

func TestNumbers_AgentsSeeThemselves(t *testing.T) {
	t.Parallel()
	for _, s := range states(t) {
		colleague := strings.Contains(html(t, s.Page), "minh@desk.example")
		if s.Name == "numbers" && colleague || s.Name == "numbers-admin" && !colleague {
			t.Errorf("%s: that it names a colleague is %v", s.Name, colleague)
		}
	}
}

// TestNumbers_SecondsBesideDays has decisions after seconds on a scale of days: they are drawn, of the median in its colour.
func TestNumbers_SecondsBesideDays(t *testing.T) {
	t.Parallel()
	site := views.Site{Form: formfile.Default().In("en"), Now: now, Words: i18n.Of("en")}
	v := views.NumbersView{Report: numbers.Report{From: now, To: now.Add(time.Hour), Hourly: true, Parts: []numbers.Part{{Begin: now, Wait: numbers.Durations{1: 5}}}}}
	bars := regexp.MustCompile(`data-series="(most|median)"[^>]* height="([0-9.]+)"`).FindAllStringSubmatch(html(t, views.Numbers(site, v)), -1)
	if len(bars) == 0 || bars[len(bars)-1][1] != "median" {
		t.Fatalf("the bars are %q, want that of the median last", bars)
	}
	if height, err := strconv.ParseFloat(bars[len(bars)-1][2], 64); err != nil || height < 3 {
		t.Errorf("the median is %v pixels high, %v; want 3 at least", height, err)
	}
}

func TestNumbers_LabelsApart(t *testing.T) {
	t.Parallel()
	label := regexp.MustCompile(`<text class="axis" x="0" y="([0-9.]+)"[^>]*>[^<]+<`)
	seen := 0
	for _, s := range states(t) {
		for _, chart := range strings.Split(html(t, s.Page), "<svg")[1:] {
			var before []float64
			for _, found := range label.FindAllStringSubmatch(chart, -1) {
				y, err := strconv.ParseFloat(found[1], 64)
				if err != nil {
					t.Fatal(err)
				}
				for _, other := range before {
					if math.Abs(y-other) < 12 {
						t.Errorf("%s: labels of a chart at %v and %v cover each other", s.Name, other, y)
					}
				}
				before = append(before, y)
				seen++
			}
		}
	}
	if seen == 0 {
		t.Error("no chart has labels")
	}
}

// row is the numbers of a row of a table of the page, by its heading.
func row(page, heading string) []string {
	_, after, _ := strings.Cut(page, "<th scope=\"row\">"+heading+"</th>")
	row, _, _ := strings.Cut(after, "</tr>")
	var cells []string
	for _, cell := range regexp.MustCompile(`<td class="count[^>]*>(.*?)</td>`).FindAllStringSubmatch(row, -1) {
		cells = append(cells, strings.TrimSpace(regexp.MustCompile(`<[^>]+>`).ReplaceAllString(cell[1], "")))
	}
	return cells
}

func TestNumbers_WaitingByQueue(t *testing.T) {
	t.Parallel()
	f := *formfile.Default()
	f.Queues = []form.Queue{{Name: "high", Title: "High"}, {Name: "low", Title: "Low"}}
	report := someNumbers()
	report.Waiting.Queues = map[string]numbers.Ages{"high": {1, 2}, "": {3}, "earlier": {0, 4}}
	page := html(t, views.Numbers(views.Site{Form: &f, Now: now}, views.NumbersView{Report: report}))
	for name, want := range map[string][]string{
		"High": {"1", "2", "0", "0", "0", "0", "3"}, "Low": {"0", "0", "0", "0", "0", "0", "0"}, "In no queue": {"3", "4", "0", "0", "0", "0", "7"},
	} {
		if got := row(page, name); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

func TestNumbers_Overturned(t *testing.T) {
	t.Parallel()
	report := someNumbers()
	report.Totals.Agents = map[string]numbers.Agent{"a1": {Revoked: 1, Reopened: 2, Overruled: 3, Looks: numbers.Agreement{Agreed: 12, Differed: 4}}}
	report.Totals.Looks = numbers.Looks{Kinds: map[string]numbers.Agreement{"agent": {Agreed: 12, Differed: 4}}, Reasons: map[string]numbers.Agreement{"image_glare": {Agreed: 1, Differed: 1}}}
	page := html(t, views.Numbers(views.Site{Form: formfile.Default(), Now: now, Me: views.Me{ID: "a1", Role: "agent"}}, views.NumbersView{Report: report, Names: map[string]string{"agent:a1": "ann"}}))
	if got := row(page, "<bdi>ann</bdi>"); !slices.Contains(got, "75\u00a0% (16)") && !slices.Contains(got, "75 % (16)") || !slices.Contains(got, "1 + 2 + 3 + 4 = 10") {
		t.Errorf("the agent's row is %q", got)
	}
	if got := row(page, "Agents"); len(got) == 0 {
		t.Error("nothing is said of second looks")
	}
}
