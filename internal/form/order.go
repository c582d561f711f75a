package form

import "slices"

// IndexFields makes the fields known by their names. It is called once, when all sections are there.
func (f *Form) IndexFields() {
	f.positions = map[string]int{}
	for i := range f.Sections {
		for j := range f.Sections[i].Fields {
			field := &f.Sections[i].Fields[j]
			f.positions[field.Name] = len(f.ordered)
			f.ordered = append(f.ordered, field)
		}
	}
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
	for _, section := range f.Sections {
		for _, field := range section.Fields {
			for _, when := range []*Condition{section.When, field.When} {
				f.addCondition(field.Name, when)
			}
		}
	}
	done := make([]bool, len(f.ordered))
	var cycles []Cycle
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
	for _, name := range when.Fields {
		f.deciding[name] = true
	}
}

// orderField puts the fields that the conditions of field i look at into the order, then i itself; path is the fields that
// led to i.
func (f *Form) orderField(i int, path []int, done []bool) (cycles []Cycle) {
	if done[i] {
		return nil
	}
	path = append(path, i)
	for _, when := range f.conditions[i] {
		for _, name := range when.Fields {
			next := f.positions[name]
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
