package form

import "time"

// Queue is a part of the open tickets that agents work on apart from the others.
type Queue struct {
	Name  string
	Title string     // for agents; the name when the file gives none
	When  *Condition // of the tickets that are put in it; nil: all that no queue before it takes
	Team  string     // whose agents are offered its tickets; empty: all agents
}

// QueueOf is the name of the queue that a ticket with these answers is put in; empty when the form has none for it.
func (f *Form) QueueOf(answers Answers, now time.Time) string {
	if len(f.Queues) == 0 {
		return ""
	}
	v := f.ValuesOf(answers, now)
	for _, queue := range f.Queues {
		if queue.When == nil || queue.When.Holds(v) {
			return queue.Name
		}
	}
	return ""
}
