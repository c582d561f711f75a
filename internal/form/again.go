package form

import (
	"errors"
	"net/url"
	"slices"
	"time"

	"docket/internal/ticket"
)

// Again is a form that is sent again after a rejection: what is asked, and what is carried over from the ticket before.
type Again struct {
	Values url.Values      // what is given for the fields that are asked, and of the others what was sent before
	Asked  map[string]bool // the fields that are asked
}

// Again is what is asked now that a ticket was rejected, and this is given: the fields at which its reasons point, what
// does not hold any more of the others, and what is asked only because of an answer to any of these. False: all of it.
func (f *Form) Again(t ticket.Ticket, given url.Values, now time.Time) (Again, bool) {
	pointed := f.pointed(t.Decision.Reasons)
	if len(pointed) == 0 {
		return Again{}, false
	}
	before := f.Values(t.Extra)
	asked := map[string]bool{}
	for _, name := range pointed {
		asked[name] = true
	}
	for {
		f.follows(asked, before)
		again := Again{f.merge(before, given, asked, pointed), asked}
		_, err := f.Check(again.Values, now)
		if !also(asked, err) {
			return again, f.askable(again, now)
		}
	}
}

// pointed are the fields that the form asks and at which any of these reasons points; none when one points at nothing.
func (f *Form) pointed(codes []string) (names []string) {
	for _, code := range codes {
		reason, _ := f.Reason(code)
		if len(reason.Fields) == 0 {
			return nil
		}
		names = append(names, reason.Fields...)
	}
	return names
}

// follows adds the fields that were not answered before and are asked only under a condition that looks at one that is
// asked.
func (f *Form) follows(asked map[string]bool, before map[string]string) {
	for grown := true; grown; {
		grown = false
		for i, field := range f.flat {
			if !asked[field.Name] && before[field.Name] == "" && slices.ContainsFunc(f.whens[i], func(c *Condition) bool {
				return slices.ContainsFunc(c.Fields, func(name string) bool { return asked[name] })
			}) {
				asked[field.Name], grown = true, true
			}
		}
	}
}

// merge takes what is given for what is asked, and all else as it was sent before. What is asked only because it does not
// hold any more was perhaps not known to be asked.
func (f *Form) merge(before map[string]string, given url.Values, asked map[string]bool, pointed []string) url.Values {
	merged := url.Values{}
	for _, field := range f.flat {
		name := field.Name
		switch {
		case asked[name] && given.Has(name):
			merged[name] = given[name]
		case before[name] != "" && !slices.Contains(pointed, name):
			merged.Set(name, before[name])
		}
	}
	return merged
}

// also adds what is wrong to what is asked, and reports whether that was anything new.
func also(asked map[string]bool, err error) (grown bool) {
	wrong, _ := errors.AsType[Invalid](err)
	for name := range wrong {
		grown = grown || !asked[name]
		asked[name] = true
	}
	return grown
}

// askable reports whether any field that is asked applies.
func (f *Form) askable(again Again, now time.Time) bool {
	values := map[string]string{}
	for name := range again.Values {
		values[name] = again.Values.Get(name)
	}
	applies := f.Applies(values, now)
	for name := range again.Asked {
		if now, conditional := applies[name]; now || !conditional {
			return true
		}
	}
	return false
}

// Before are the answers of a rejected ticket to begin with when its form is sent again: all but the files at which its
// reasons point, which have to be others.
func (f *Form) Before(t ticket.Ticket) map[string]string {
	values := f.Values(t.Extra)
	for _, name := range f.pointed(t.Decision.Reasons) {
		if field, _ := f.Field(name); field.Type.Upload() {
			delete(values, name)
		}
	}
	return values
}
