package form

import (
	"slices"
	"strings"
)

// Check is a condition between answers that refuses them when it holds.
type Check struct {
	When   *Condition
	Fields []string // at which the problem is shown
	Text   string   // what the user reads: what to do
}

// addBroken adds to wrong the fields of every check that is broken, unless they have a problem already. A check that looks at an answer
// with a problem is not evaluated.
func (v *Values) addBroken(wrong Invalid) {
	for _, check := range v.brokenChecks(wrong) {
		for _, name := range check.Fields {
			if _, known := wrong[name]; !known {
				wrong[name] = Problem{Code: CodeCheckFailed, Message: check.Text}
			}
		}
	}
}

// brokenChecks are the checks that hold, each with those of its fields that are asked; without those of which no field is.
func (v *Values) brokenChecks(wrong Invalid) (broken []Check) {
	for _, check := range v.form.Checks {
		if slices.ContainsFunc(check.When.Fields, func(name string) bool { return wrong[name].Code != "" || wrong.hasRow(name) }) || !check.When.Holds(v) {
			continue
		}
		check.Fields = v.askedInputs(check)
		if len(check.Fields) > 0 {
			broken = append(broken, check)
		}
	}
	return broken
}

// askedInputs are those of the fields of a check that are asked; of a field in the rows of a group, that of each row which breaks it.
func (v *Values) askedInputs(check Check) (inputs []string) {
	for _, name := range check.Fields {
		group, inside, inRows := strings.Cut(name, ".")
		i := v.form.positions[group]
		switch {
		case v.inapplicable[i]:
		case !inRows:
			inputs = append(inputs, name)
		default:
			for _, row := range v.breakingRows(check.When, i) {
				if !row.inapplicable[row.form.positions[inside]] {
					inputs = append(inputs, RowName(group, row.slot)+"."+inside)
				}
			}
		}
	}
	return inputs
}

// breakingRows are the rows of the group at a position for which a condition holds that looks at the group: those for which it holds when
// they are the only row; all, where that is none.
func (v *Values) breakingRows(when *Condition, position int) (breaking []*Values) {
	all := v.rows[position]
	for i := range all {
		v.rows[position] = all[i : i+1]
		if slices.Contains(when.Fields, v.form.ordered[position].Name) && when.Holds(v) {
			breaking = append(breaking, all[i])
		}
	}
	if v.rows[position] = all; breaking == nil {
		return all
	}
	return breaking
}

// BrokenCheck is the first check that answers break, each of which is valid alone; false when they break none.
func (f *Form) BrokenCheck(facts Facts) (Check, bool) {
	broken := f.ValuesOf(facts.Answers, facts.Now).brokenChecks(nil)
	if len(broken) == 0 {
		return Check{}, false
	}
	return broken[0], true
}
