package formfile

import (
	"cmp"

	"go.yaml.in/yaml/v4"

	"docket/internal/form"
)

const maxQueues = 50

// readQueues reads the list of queues.
func (r *reader) readQueues(m mapping) []form.Queue {
	var queues []form.Queue
	seen := map[string]int{}
	for _, n := range r.readList(m, "queues") {
		if queue, ok := r.readQueue(n, seen); ok {
			queues = append(queues, queue)
		}
		if len(queues) == maxQueues+1 {
			r.addMistake(n, "this is queue number %d; a form has at most %d", len(queues), maxQueues)
		}
	}
	return queues
}

// readQueue reads one queue; seen keeps on which line each name stands.
func (r *reader) readQueue(n *yaml.Node, seen map[string]int) (form.Queue, bool) {
	m, ok := r.readObject(n, "queue")
	if !ok {
		return form.Queue{}, false
	}
	if at, ok := m.entries["title"]; ok && at.value.Kind == yaml.MappingNode { // Agents may read one language.
		m = r.translate(m, "title")
	}
	queue := form.Queue{Name: r.readRequired(m, "name"), When: r.readPlainCondition(m), Team: r.readText(m, "team")}
	queue.Title = cmp.Or(r.readText(m, "title"), queue.Name)
	if first, twice := seen[queue.Name]; twice {
		r.addMistake(m.entries["name"].value, "the name %q is taken by the queue on line %d; choose another", queue.Name, first)
	}
	seen[queue.Name] = n.Line
	for key, name := range map[string]string{"name": queue.Name, "team": queue.Team} {
		if name != "" && !systemName().MatchString(name) || key == "team" && name == "everyone" {
			r.addMistake(m.entries[key].value, "%q cannot be a name: begin with a lower-case letter, go on with lower-case letters, digits, - and _", name)
		}
	}
	return queue, true
}

// readPlainCondition reads which tickets are put in a queue; nil when the file does not say.
func (r *reader) readPlainCondition(m mapping) *form.Condition {
	text := r.readText(m, "when")
	if text == "" {
		return nil
	}
	at := m.entries["when"].value
	if c, known := r.conditions[at]; known {
		return c
	}
	c := &form.Condition{Text: text}
	r.conditions[at] = c
	group := r.group
	r.deferCheck(func(f *form.Form) { r.addExpressionMistakes(at, text, r.compilerOf(f, group).Condition(c, "when", "")) })
	return c
}
