package formstep_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/form/formstep"
)

var noon = time.Date(2026, time.March, 4, 12, 0, 0, 0, time.UTC)

const steps = `name: trip
title: Trip
layout: steps
sections:
  - title: Means
    fields:
      - {name: means, label: Means, type: choice, required: true, options: [{value: car, label: Car}, {value: boat, label: Boat}]}
      - {name: plate, label: Plate, when: means == 'car'}
  - title: Boat
    when: means == 'boat'
    fields: [{name: boat, label: Boat}]
  - title: People
    fields:
      - {name: people, label: People, type: group, fields: [{name: full_name, label: Full name}]}
      - {name: harbour, label: Harbour, when: means == 'boat'}
`

const terms = `  - title: Terms
    fields: [{name: terms, label: I agree, type: checkbox, required: true}]
`

func parse(t *testing.T, text string) *form.Form {
	t.Helper()
	f, err := formfile.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// keys are the keys of steps, with an input of each that the test asks about.
func keys(list []formstep.Step, inputs ...string) string {
	texts := []string{}
	for _, step := range list {
		text := step.Key
		for _, name := range inputs {
			if step.Asks(name) {
				text += " " + name
			}
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, ", ")
}

func TestList_FollowsAnswers(t *testing.T) {
	t.Parallel()
	f := parse(t, steps+terms)
	for _, test := range []struct {
		given form.Input
		asked map[string]bool
		want  string
	}{
		{nil, nil, "1 plate, 3 people.0.full_name, check terms"},
		{form.Input{"means": {"boat"}}, nil, "1 plate, 2, 3 people.0.full_name harbour, check terms"},
		{nil, map[string]bool{"means": true, "people.0.full_name": true}, "1, 3 people.0.full_name, check"},
		{nil, map[string]bool{"means": true}, ""},
	} {
		if got := keys(formstep.List(f, test.given, test.asked, noon), "plate", "people.0.full_name", "harbour", "terms"); got != test.want {
			t.Errorf("%v, asked %v: got %q, want %q", test.given, test.asked, got, test.want)
		}
	}
}

func TestList_LastStepAsksNothing(t *testing.T) {
	t.Parallel()
	list := formstep.List(parse(t, steps), nil, nil, noon)
	last := list[len(list)-1]
	if _, asks := last.Section(nil); last.Key != formstep.Check || last.Inputs == nil || len(last.Inputs) > 0 || asks {
		t.Errorf("the last step is %+v, want one that asks nothing", last)
	}
}

func TestList_OnePage(t *testing.T) {
	t.Parallel()
	if list := formstep.List(parse(t, strings.Replace(steps, "layout: steps", "layout: page", 1)), nil, nil, noon); list != nil {
		t.Errorf("steps %v, want none", list)
	}
}

func TestInputs_OfSteps(t *testing.T) {
	t.Parallel()
	f := parse(t, steps+terms)
	for key, want := range map[string][]string{"1": {"means", "plate"}, "2": {"boat"}, "check": {"terms"}, "9": nil, "0": nil, "x": nil} {
		var names []string
		for name := range formstep.Inputs(f, key) {
			names = append(names, name)
		}
		if slices.Sort(names); !slices.Equal(names, want) {
			t.Errorf("step %s has %v, want %v", key, names, want)
		}
	}
}

func TestFind_StepOfInput(t *testing.T) {
	t.Parallel()
	list := formstep.List(parse(t, steps+terms), nil, nil, noon)
	if at, found := formstep.FindInput(list, "people"); at != 1 || !found {
		t.Errorf("people is asked by %d, %t", at, found)
	}
	if at, found := formstep.Find(list, "2"); at != 0 || found {
		t.Errorf("a section that does not apply is step %d, %t", at, found)
	}
}
