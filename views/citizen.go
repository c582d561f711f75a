package views

import (
	"slices"
	"strings"

	"docket/internal/evidence"
	"docket/internal/form"
	"docket/internal/form/finding"
)

// ComparesAnswers reports whether a form compares answers with what was read, or with what a citizen number says.
func ComparesAnswers(f *form.Form) bool {
	for field := range f.Inputs() {
		if field.Citizen != nil {
			return true
		}
	}
	return len(f.Reads) > 0
}

// citizenOf is what the answer to a field says as a citizen number; false when it is none.
func citizenOf(citizens []finding.Citizen, name string) (finding.Citizen, bool) {
	i := slices.IndexFunc(citizens, func(one finding.Citizen) bool { return one.Field.Name == name })
	if i < 0 {
		return finding.Citizen{}, false
	}
	return citizens[i], true
}

// citizenWords are what a citizen number says, as far as wanted.
func citizenWords(site Site, one finding.Citizen, wanted func(finding.Part) bool) string {
	var words []string
	for _, part := range one.Parts {
		switch {
		case !wanted(part):
		case part.Name == evidence.Sex:
			words = append(words, site.T("citizen."+part.Text))
		default:
			words = append(words, site.T("citizen."+part.Name, "Text", part.Text))
		}
	}
	return strings.Join(words, ", ")
}

// citizenSays is what a citizen number says, as an agent reads it.
func citizenSays(site Site, one finding.Citizen) string {
	if len(one.Parts) == 0 {
		return site.T("citizen.unknown_short")
	}
	return citizenWords(site, one, shownPart)
}

// differingWords are what a citizen number says that is not what was answered, and those answers.
func differingWords(site Site, one finding.Citizen) (says, said string) {
	differs := func(part finding.Part) bool { return part.Match == evidence.Differs }
	var answers []string
	for _, part := range one.Parts {
		if differs(part) {
			answers = append(answers, site.Form.ShowInput(part.Field.Name, []string{part.Said}))
		}
	}
	return citizenWords(site, one, differs), strings.Join(answers, ", ")
}

// shownPart reports whether agents see a part: not where a birth was registered, which no answer asks for and few need.
func shownPart(part finding.Part) bool {
	return part.Name != evidence.BirthPlace || part.Field.Name != ""
}

// citizens are what citizen numbers among the answers of a ticket say.
func (r Review) citizens(site Site) []finding.Citizen {
	if r.Ticket.Erased() {
		return nil
	}
	f := site.formOf(r.Ticket)
	return finding.Citizens(f, f.InputFromAnswers(r.Ticket.Extra), r.Ticket.CreatedAt)
}

func matchMark(match evidence.Match) string {
	switch match {
	case evidence.Agrees:
		return "✓"
	case evidence.Near:
		return "≈"
	case evidence.Differs:
		return "≠"
	}
	return "?"
}
