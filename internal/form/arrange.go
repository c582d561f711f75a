package form

import (
	"slices"
	"strings"
)

// gather notes where each field stands.
func (f *Form) gather() {
	f.place = map[string]int{}
	for i := range f.Sections {
		for j := range f.Sections[i].Fields {
			field := &f.Sections[i].Fields[j]
			f.place[field.Name] = len(f.flat)
			f.flat = append(f.flat, field)
		}
	}
}

// arrange finds the order in which the conditions of fields are to be tried: those that others look at first.
func (r *reader) arrange(f *Form) {
	f.whens, f.named = make([][]*Condition, len(f.flat)), map[string]bool{}
	for _, section := range f.Sections {
		for _, field := range section.Fields {
			for _, when := range []*Condition{section.When, field.When} {
				if when != nil {
					i := f.place[field.Name]
					f.whens[i] = append(f.whens[i], when)
					for _, name := range when.Fields {
						f.named[name] = true
					}
				}
			}
		}
	}
	done := make([]bool, len(f.flat))
	for i := range f.flat {
		r.follow(f, i, nil, done)
	}
}

// follow puts the fields that the conditions of field i look at into the order, then i itself. It says so when that
// leads back to i; way is the fields that led here.
func (r *reader) follow(f *Form, i int, way []int, done []bool) {
	if done[i] {
		return
	}
	way = append(way, i)
	for _, when := range f.whens[i] {
		for _, name := range when.Fields {
			next := f.place[name]
			if begin := slices.Index(way, next); begin >= 0 {
				r.circle(f, when, way[begin:])
				continue
			}
			r.follow(f, next, way, done)
		}
	}
	done[i] = true
	f.order = append(f.order, i)
}

// circle says that the conditions of these fields wait for each other.
func (r *reader) circle(f *Form, when *Condition, way []int) {
	names := make([]string, len(way), len(way)+1)
	for i, at := range way {
		names[i] = f.flat[at].Name
	}
	if len(way) == 1 {
		r.say(r.whens[when], "whether %q is asked cannot depend on its own answer; name another field", names[0])
		return
	}
	r.say(r.whens[when], "these conditions go round in a circle: %s; one of them must not look at the next", strings.Join(append(names, names[0]), " → "))
}
