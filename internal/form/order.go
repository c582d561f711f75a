package form

import "slices"

// IndexFields makes the fields known by their names. It is called once, when all sections are there.
func (f *Form) IndexFields() {
	f.positions, f.inRows = map[string]int{}, map[string]*Field{}
	for i := range f.Sections {
		for j := range f.Sections[i].Fields {
			field := &f.Sections[i].Fields[j]
			f.positions[field.Name] = len(f.ordered)
			f.ordered, f.inputs = append(f.ordered, field), append(f.inputs, field)
			if field.Rows != nil {
				f.indexRows(field)
			}
		}
	}
	f.indexReaders()
}

// Cycle is conditions that wait for each other: each of the fields is asked under a condition that looks at the next, and
// the last, whose condition is When, at the first.
type Cycle struct {
	When   *Condition
	Fields []string
}

// Order finds the order in which the conditions of fields are evaluated: those that others look at first. It is called
// once, when all conditions are compiled. It returns what has no order.
func (f *Form) Order() []Cycle {
	f.conditions, f.deciding = make([][]*Condition, len(f.ordered)), map[string]bool{}
	for _, field := range f.ordered {
		if field.Computed != nil {
			for _, name := range field.Computed.Fields {
				f.deciding[name] = true
			}
		}
		if c := field.Citizen; c != nil {
			for _, name := range []string{field.Name, c.BirthDate, c.Sex, c.BirthPlace} {
				f.deciding[name] = true
			}
			if c.When != nil {
				f.addDeciding([]*Condition{c.When})
			}
		}
	}
	for _, check := range f.Checks {
		for _, name := range check.When.Fields {
			f.deciding[name] = f.deciding[name] || f.ordered[f.positions[name]].Computed == nil // what that is computed of decides
		}
	}
	for _, section := range f.Sections {
		for _, field := range section.Fields {
			for _, when := range []*Condition{section.When, field.When} {
				f.addCondition(field.Name, when)
			}
		}
	}
	done := make([]bool, len(f.ordered))
	var cycles []Cycle
	for _, field := range f.ordered {
		if field.Rows != nil {
			cycles = append(cycles, field.Rows.Form.Order()...)
			rows := field.Rows.Form
			f.addDeciding(rows.outerConditions(slices.Concat(rows.conditions...)))
			for _, inside := range rows.ordered {
				if c := inside.Citizen; c != nil && c.When != nil {
					f.addDeciding(rows.outerConditions([]*Condition{c.When}))
				}
			}
		}
	}
	for i := range f.ordered {
		cycles = append(cycles, f.orderField(i, nil, done)...)
	}
	return cycles
}

func (f *Form) addCondition(field string, when *Condition) {
	if when == nil {
		return
	}
	i := f.positions[field]
	f.conditions[i] = append(f.conditions[i], when)
	f.addDeciding([]*Condition{when})
}

func (f *Form) addDeciding(conditions []*Condition) {
	for _, when := range conditions {
		for _, name := range when.Fields {
			f.deciding[name] = true
		}
	}
}

// outerConditions are conditions in the rows of a group, as far as they look at the form around it.
func (f *Form) outerConditions(inside []*Condition) (conditions []*Condition) {
	for _, when := range inside {
		outside := *when
		outside.Fields = slices.DeleteFunc(slices.Clone(when.Fields), func(name string) bool { _, own := f.positions[name]; return own })
		conditions = append(conditions, &outside)
	}
	return conditions
}

// before are the conditions whose fields are evaluated before the field at a position: its own and, of a group, those in its rows.
func (f *Form) before(position int) []*Condition {
	if rows := f.ordered[position].Rows; rows != nil {
		return slices.Concat(f.conditions[position], rows.Form.outerConditions(slices.Concat(rows.Form.conditions...)))
	}
	return f.conditions[position]
}

// orderField puts the fields that the conditions of field i look at into the order, then i itself; path is the fields that
// led to i.
func (f *Form) orderField(i int, path []int, done []bool) (cycles []Cycle) {
	if done[i] {
		return nil
	}
	path = append(path, i)
	for _, when := range f.before(i) {
		for _, name := range when.Fields {
			next, own := f.positions[name]
			if !own { // of the form around a row
				continue
			}
			if begin := slices.Index(path, next); begin >= 0 {
				cycles = append(cycles, Cycle{when, f.namesAt(path[begin:])})
				continue
			}
			cycles = append(cycles, f.orderField(next, path, done)...)
		}
	}
	done[i] = true
	f.evaluation = append(f.evaluation, i)
	return cycles
}

func (f *Form) namesAt(positions []int) []string {
	names := make([]string, len(positions))
	for i, at := range positions {
		names[i] = f.ordered[at].Name
	}
	return names
}
