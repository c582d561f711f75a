package form

import (
	"strings"
	"time"

	"docket/internal/ticket"
)

// Step is one of the steps in which a ticket is approved, by different people.
type Step struct {
	Name        string
	Title       string     // what people read
	Who         *Address   // whose account is asked; nil: nobody by address
	Team        string     // which is asked when Who gives no address; empty: none
	Key         string     // the API key whose decision counts; empty: none
	When        *Condition // of the tickets that have the step; nil: of all
	MustExist   bool       // an address that Who gives must be that of an agent or admin; else nothing is submitted
	SideBySide  bool       // it waits together with the step before
	Remind      time.Duration
	StandIn     time.Duration
	StandInTeam string
}

// Address is an expression of the form file that gives an e-mail address. Package rules compiles it.
type Address struct {
	Text   string               // as it stands in the form file
	Fields []string             // that it looks at
	Of     func(*Values) string // "" when it names an answer that is not there
}

// StepsOf are the steps of a ticket with these answers, in the order in which they are given.
func (f *Form) StepsOf(answers Answers, now time.Time) (steps []ticket.NewStep) {
	if len(f.Steps) == 0 {
		return nil
	}
	v := f.ValuesOf(answers, now)
	for i, step := range f.Steps {
		if step.When != nil && !step.When.Holds(v) {
			continue
		}
		turn := i + 1
		for back := i; back > 0 && f.Steps[back].SideBySide; back-- {
			turn--
		}
		made := ticket.NewStep{Turn: turn, Name: step.Name, Team: step.Team, Key: step.Key, Remind: step.Remind, StandIn: step.StandIn, StandInTeam: step.StandInTeam}
		if step.Who != nil {
			made.Email = strings.ToLower(strings.TrimSpace(step.Who.Of(v)))
		}
		if made.Email != "" {
			made.Team = ""
		}
		steps = append(steps, made)
	}
	return steps
}

// StepTitle is what people read of a step of this name.
func (f *Form) StepTitle(name string) string {
	for _, step := range f.Steps {
		if step.Name == name {
			return step.Title
		}
	}
	return name
}
