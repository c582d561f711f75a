package form

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/internal/ticket"
)

// Resubmission is a form that is sent again after a rejection: what is asked, and what is taken over from the ticket before.
type Resubmission struct {
	Input Input           // what is given for the fields that are asked, and of the others what was sent before
	Asked map[string]bool // the fields that are asked
}

// Resubmit is what is asked now that a ticket was rejected, and this is given: the fields at which its reasons point, what
// is not valid any more of the others, and what is asked only because of an answer to any of these. False: all of it.
func (f *Form) Resubmit(t ticket.Ticket, given Input, now time.Time) (Resubmission, bool) {
	before := f.InputFromAnswers(t.Extra)
	pointed := f.RefusedInputs(t.Decision, before)
	if len(pointed) == 0 {
		return Resubmission{}, false
	}
	asked := map[string]bool{}
	for _, name := range pointed {
		asked[name] = true
	}
	for {
		f.addDependents(asked, before)
		again := Resubmission{f.mergeInput(before, given, asked, pointed), asked}
		_, err := f.Check(again.Input, now)
		if !f.addInvalid(asked, err) {
			return again, f.asksAny(again, now)
		}
	}
}

// RefusedInputs are what a page asks at which the reasons of a rejection point, in the rows for which it was rejected, where this was sent
// before; none when a reason points at nothing.
func (f *Form) RefusedInputs(d ticket.Decision, before Input) []string {
	return slices.DeleteFunc(f.inputsOf(f.reasonFields(d.Reasons), before), func(name string) bool {
		group, rest, _ := strings.Cut(name, ".")
		slot, _, _ := strings.Cut(rest, ".")
		limited := slices.ContainsFunc(d.Rows, func(row string) bool { return strings.HasPrefix(row, group+".") })
		return limited && !slices.Contains(d.Rows, group+"."+slot)
	})
}

// reasonFields are the fields at which any of these reasons points; none when one points at nothing.
func (f *Form) reasonFields(codes []string) (names []string) {
	for _, code := range codes {
		reason, _ := f.Reason(code)
		if len(reason.Fields) == 0 {
			return nil
		}
		names = append(names, reason.Fields...)
	}
	return names
}

// inputsOf are what a page asks for fields: for a group, it and all of its rows; for a field of a group, that of each row that was
// sent before.
func (f *Form) inputsOf(names []string, before Input) (inputs []string) {
	for _, input := range f.inputs {
		own := slices.Contains(names, input.Name) || input.Cell.Group != "" && slices.Contains(names, input.Cell.Group)
		inRow := input.Cell.Group != "" && f.hasRow(input.Cell, before) &&
			(slices.Contains(names, InAnyRow(input.Name)) || slices.Contains(names, RowName(input.Cell.Group, input.Cell.Slot)))
		if own || inRow {
			inputs = append(inputs, input.Name)
		}
	}
	return inputs
}

// addDependents adds the fields that were not answered before and are asked only under a condition that looks at one that
// is asked.
func (f *Form) addDependents(asked map[string]bool, before Input) {
	for grown := true; grown; {
		grown = false
		for _, field := range f.inputs {
			if !asked[field.Name] && before.Text(field.Name) == "" && f.hasRow(field.Cell, before) && f.dependsOn(field, asked) {
				asked[field.Name], grown = true, true
			}
		}
	}
}

// hasRow reports whether a field of a group is in a row that was sent before; true, too, of a field that is in no group.
func (f *Form) hasRow(cell Cell, before Input) bool {
	return cell.Group == "" || slices.Contains(before[cell.Group], strconv.Itoa(cell.Slot))
}

// dependsOn reports whether a field is asked only under a condition that looks at one that is asked.
func (f *Form) dependsOn(field *Field, asked map[string]bool) bool {
	return slices.ContainsFunc(f.conditionsOf(field.Name), func(c *Condition) bool {
		return slices.ContainsFunc(c.Fields, func(name string) bool {
			return asked[name] || field.Cell.Group != "" && asked[RowName(field.Cell.Group, field.Cell.Slot)+"."+name]
		})
	})
}

// mergeInput takes what is given for what is asked, and all else as it was sent before. A field that is asked only because
// its answer is not valid any more may be missing in what is given: then the answer before is taken.
func (f *Form) mergeInput(before, given Input, asked map[string]bool, pointed []string) Input {
	merged := Input{}
	for _, field := range f.inputs {
		name := field.Name
		switch {
		case asked[name] && given.Has(name):
			merged[name] = given[name]
		case before.Text(name) != "" && !slices.Contains(pointed, name):
			merged[name] = before[name]
		}
	}
	return merged
}

// addInvalid adds what is wrong to what is asked, and reports whether that was anything new. Where a group is wrong, all of it is
// asked.
func (f *Form) addInvalid(asked map[string]bool, err error) (grown bool) {
	wrong, _ := errors.AsType[Invalid](err)
	for _, name := range f.inputsOf(slices.Collect(maps.Keys(wrong)), nil) {
		grown = grown || !asked[name]
		asked[name] = true
	}
	return grown
}

// asksAny reports whether any field that is asked applies.
func (f *Form) asksAny(again Resubmission, now time.Time) bool {
	applies := f.Applies(again.Input, now)
	for name := range again.Asked {
		if now, conditional := applies[name]; now || !conditional {
			return true
		}
	}
	return false
}

// ResubmissionInput is the answers of a rejected ticket to begin a resubmission with: all but the files at which its reasons point,
// which have to be others.
func (f *Form) ResubmissionInput(t ticket.Ticket) Input {
	input := f.InputFromAnswers(t.Extra)
	for _, name := range f.RefusedInputs(t.Decision, input) {
		if field, _ := f.Field(name); field.Type.Upload() {
			delete(input, name)
		}
	}
	return input
}
