package ticket

import (
	"strings"
	"time"

	"github.com/google/uuid"
)

// NoteKind is what an agent did with a ticket beside deciding it.
type NoteKind string

// The kinds of notes.
const (
	NoteSkipped    NoteKind = "skipped"
	NoteSnoozed    NoteKind = "snoozed"
	NoteWoken      NoteKind = "woken"
	NoteHandedOver NoteKind = "handed_over"
	NoteCommented  NoteKind = "commented"
)

// NoteKinds lists every kind of note.
var NoteKinds = []NoteKind{NoteSkipped, NoteSnoozed, NoteWoken, NoteHandedOver, NoteCommented}

// Note is one thing that an agent did with a ticket beside deciding it. Notes are only ever added; an erasure takes texts from them.
type Note struct {
	Kind  NoteKind
	Actor string // the agent
	At    time.Time
	Text  string    // a comment, or why it is snoozed; agents alone see it
	To    Receiver  // of a handover
	Until time.Time // of a snooze and a skip
}

// Receiver is to whom a ticket is handed over: an agent or a team. The zero Receiver is everyone.
type Receiver struct {
	Agent uuid.UUID
	Team  string
}

// Everyone reports whether the ticket is offered to all who are offered its queue.
func (r Receiver) Everyone() bool { return r == Receiver{} }

// ParseReceiver reads how the database names a receiver: "agent:<account id>", "team:<name>" or "everyone"; an empty text is the zero Receiver.
func ParseReceiver(text string) Receiver {
	if team, ok := strings.CutPrefix(text, "team:"); ok {
		return Receiver{Team: team}
	}
	id, _ := uuid.Parse(strings.TrimPrefix(text, "agent:")) // else everyone
	return Receiver{Agent: id}
}

// Placement is where an open ticket is, unless it simply waits: handed over, snoozed, or both. The zero Placement simply waits.
type Placement struct {
	To     Receiver
	Until  time.Time // when it is back in the queue; zero: it is not snoozed
	Reason string    // why it is snoozed
	By     string    // the agent who snoozed it or handed it over last
}
