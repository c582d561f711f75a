package views

import (
	"strconv"

	"docket/internal/numbers"
)

// looksLine is how often second looks agree with some of the decisions.
type looksLine struct {
	Name string
	numbers.Agreement
	Before numbers.Agreement
}

// looks are the second looks by who decided.
func (v NumbersView) looks(site Site) (lines []looksLine) {
	for _, kind := range []string{"agent", "rule", "key"} {
		now, before := v.Report.Totals.Looks.Kinds[kind], v.Report.Before.Looks.Kinds[kind]
		if now.Sum()+before.Sum() > 0 {
			lines = append(lines, looksLine{site.T("numbers.by." + kind), now, before})
		}
	}
	return lines
}

// looksByReason are the second looks at rejections, by reason, those with the most first.
func (v NumbersView) looksByReason(site Site) (lines []looksLine) {
	now, before := sumsOf(v.Report.Totals.Looks.Reasons), sumsOf(v.Report.Before.Looks.Reasons)
	for _, code := range byValue(now, before) {
		lines = append(lines, looksLine{reasonLabels([]string{code}, site.Form), v.Report.Totals.Looks.Reasons[code], v.Report.Before.Looks.Reasons[code]})
	}
	return lines
}

func sumsOf(looks map[string]numbers.Agreement) map[string]int64 {
	sums := map[string]int64{}
	for key, a := range looks {
		sums[key] = a.Sum()
	}
	return sums
}

// showsLooks reports whether there are second looks to show, or the form asks for them.
func (v NumbersView) showsLooks(site Site) bool {
	return site.Form.SecondLook > 0 || len(v.looks(site)) > 0
}

// looksText is a share and of how many; a dash when there was no look.
func looksText(site Site, a numbers.Agreement) string {
	if a.Sum() == 0 {
		return "–"
	}
	return site.T("numbers.share_of", "Share", shareText(site, a.Agreed, a.Sum()), "Count", int(a.Sum()))
}

// waitingQueue is how many wait in a queue, by age.
type waitingQueue struct {
	Title string
	numbers.Ages
}

// waitingQueues are the queues of the form, and what is in none of them; nothing when the form has no queues.
func (v NumbersView) waitingQueues(site Site) (queues []waitingQueue) {
	if len(site.Form.Queues) == 0 {
		return nil
	}
	known := map[string]bool{}
	for _, q := range site.Form.Queues {
		known[q.Name] = true
		queues = append(queues, waitingQueue{q.Title, v.Report.Waiting.Queues[q.Name]})
	}
	var others numbers.Ages
	for name, ages := range v.Report.Waiting.Queues {
		if !known[name] { // also one of an earlier form
			for i, n := range ages {
				others[i] += n
			}
		}
	}
	if others.Sum() > 0 {
		queues = append(queues, waitingQueue{site.T("numbers.no_queue"), others})
	}
	return queues
}

// ageIndexes are the places of the ages.
func ageIndexes() (indexes []int) {
	for i := range len(numbers.Ages{}) {
		indexes = append(indexes, i)
	}
	return indexes
}

// overturnedText is how often something of an agent's did not stand, as text and in parts.
func overturnedText(site Site, a numbers.Agent) (sum, parts string) {
	if a.Overturned() == 0 {
		return "0", ""
	}
	return strconv.FormatInt(a.Overturned(), 10), site.T("numbers.overturned_parts",
		"Revoked", int(a.Revoked), "Reopened", int(a.Reopened), "Overruled", int(a.Overruled), "Differed", int(a.Looks.Differed))
}
