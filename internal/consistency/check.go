package consistency

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/google/uuid"
)

// What Check may find. Each is a promise that was broken.
const (
	Phantom         = "a value that was never written"                              // P0
	Lost            = "an acknowledged approval is lost"                            // P0
	SeenThenLost    = "an approval was seen that was neither acknowledged nor kept" // P0, unless a failover lost it: a replica can have what no acknowledgement has
	LostRevocation  = "an acknowledged revocation is lost"                          // P0
	NotLinearizable = "fresh reads are not linearizable"                            // P1
	OwnWriteUnseen  = "one's own write is not seen"                                 // P2
	Backward        = "a reader stepped back"                                       // P3
	Stale           = "older than the bound"                                        // P4
	ReceivedUnseen  = "a write is not seen although its notification was received"  // P4, the part with notifications
)

// Findings are the broken promises of a history, each with its first example.
type Findings map[string]string

func (f Findings) add(finding string, o Operation, least int64) {
	if f[finding] == "" {
		f[finding] = fmt.Sprintf("%s: %s of %s at %d: version %d, want at least %d", o.Client, o.Kind, o.User, o.Call, o.Version, least/2)
	}
}

// Check checks a history. approvals are what the primary has at the end; maxAge is how old an ordinary read may be.
func Check(history []Operation, approvals map[uuid.UUID]Approval, maxAge time.Duration) Findings {
	f := Findings{}
	f.checkValues(history, approvals)
	f.checkOrder(history)
	f.checkAge(history, maxAge)
	f.checkLinearizability(history, approvals)
	return f
}

// checkValues: what is read was written, and what was acknowledged still exists.
func (f Findings) checkValues(history []Operation, approvals map[uuid.UUID]Approval) {
	unknown := map[uuid.UUID]bool{} // whether an approval was saved
	for _, o := range history {
		unknown[o.Ticket] = unknown[o.Ticket] || o.Kind == Approve && o.Err != nil
	}
	for _, o := range history {
		if o.Kind == Revoke && o.Err == nil && !approvals[o.Revoked].Revoked {
			f.add(LostRevocation, o, o.place())
		}
		if o.Kind == Receive || o.Err != nil || o.Ticket == uuid.Nil {
			continue
		}
		switch a, exists := approvals[o.Ticket]; {
		case exists && a.Version == o.Version:
		case o.Kind == Approve:
			f.add(Lost, o, 2*a.Version)
		case o.Kind == Read && !exists && unknown[o.Ticket]:
			f.add(SeenThenLost, o, 2*a.Version)
		default:
			f.add(Phantom, o, 2*a.Version)
		}
	}
}

// session is a client, or an instance, and one user that it reads and writes.
type session struct{ client, instance, user string }

// orderCheck goes through the events of a history with the newest versions so far.
type orderCheck struct {
	Findings
	acknowledged map[string]int64  // by user
	read         map[session]int64 // returned to a client on an instance
	written      map[session]int64 // by a client on an instance
	receiving    map[session]int64 // acknowledged when an instance began to receive
	received     map[session]int64 // and when it had received
}

// checkOrder: no client steps back on one instance, a writer sees the own write, and an instance that received a change
// shows it.
func (f Findings) checkOrder(history []Operation) {
	c := orderCheck{f, map[string]int64{}, map[session]int64{}, map[session]int64{}, map[session]int64{}, map[session]int64{}}
	for _, e := range sortEvents(history) {
		o, at := e.operation, session{e.operation.Client, e.operation.Instance, e.operation.User}
		switch {
		case o.Kind == Receive:
			c.receive(o, e.isReturn)
		case o.Err != nil:
		case o.Kind.writes() && e.isReturn:
			c.acknowledged[o.User] = max(c.acknowledged[o.User], o.place())
			c.written[at] = max(c.written[at], o.place())
		case o.Kind == Read && !e.isReturn:
			c.checkRead(o, at)
		case (o.Kind == Read || o.Kind == FreshRead) && e.isReturn:
			c.read[at] = max(c.read[at], o.place())
		}
	}
}

func (c orderCheck) receive(o *Operation, isReturn bool) {
	for user, version := range c.acknowledged {
		if o.User != "" && o.User != user {
			continue
		}
		if at := (session{instance: o.Instance, user: user}); isReturn {
			c.received[at] = max(c.received[at], c.receiving[at])
		} else {
			c.receiving[at] = version
		}
	}
}

// checkRead compares a read with all that was over when it was called.
func (c orderCheck) checkRead(o *Operation, at session) {
	if !o.Degraded && o.place() < c.written[at] {
		c.add(OwnWriteUnseen, *o, c.written[at])
	}
	if instance := (session{instance: o.Instance, user: o.User}); !o.Degraded && o.place() < c.received[instance] {
		c.add(ReceivedUnseen, *o, c.received[instance])
	}
	if o.place() < c.read[at] {
		c.add(Backward, *o, c.read[at])
	}
}

// event is the call or the return of an operation.
type event struct {
	order     int64
	isReturn  bool
	operation *Operation
}

func sortEvents(history []Operation) (events []event) {
	for i := range history {
		o := &history[i]
		events = append(events, event{o.Call, false, o}, event{o.Return, true, o})
	}
	slices.SortFunc(events, func(a, b event) int { return int(a.order - b.order) })
	return events
}

// acknowledgement is the last that was written of a user and acknowledged until a time.
type acknowledgement struct {
	at    time.Time
	place int64
}

// checkAge: an ordinary read has everything that was acknowledged maxAge before it was called.
func (f Findings) checkAge(history []Operation, maxAge time.Duration) {
	acknowledged := listAcknowledgements(history)
	for _, o := range history {
		if o.Kind != Read || o.Err != nil || o.Degraded {
			continue
		}
		oldest, all := o.At.Add(-maxAge), acknowledged[o.User]
		i := sort.Search(len(all), func(i int) bool { return !all[i].at.Before(oldest) })
		if i > 0 && o.place() < all[i-1].place {
			f.add(Stale, o, all[i-1].place)
		}
	}
}

// listAcknowledgements are those of each user, in their order.
func listAcknowledgements(history []Operation) map[string][]acknowledgement {
	acknowledged := map[string][]acknowledgement{}
	for _, e := range sortEvents(history) {
		if o := e.operation; o.Kind.writes() && e.isReturn && o.Err == nil {
			newest, earlier := o.place(), acknowledged[o.User]
			if len(earlier) > 0 {
				newest = max(newest, earlier[len(earlier)-1].place)
			}
			acknowledged[o.User] = append(earlier, acknowledgement{o.At, newest})
		}
	}
	return acknowledged
}

// checkLinearizability: the approvals, revocations, erasures and fresh reads of a user are those of one register. A write whose
// outcome is unknown, but which is there at the end, may take effect at any time after its call.
func (f Findings) checkLinearizability(history []Operation, approvals map[uuid.UUID]Approval) {
	users := map[string][]porcupine.Operation{}
	for _, o := range history {
		op := porcupine.Operation{Input: o, Call: o.Call, Return: o.Return}
		_, exists := approvals[o.Ticket]
		switch {
		case o.Err != nil && (o.Kind == Erase || o.Kind == Approve && exists || o.Kind == Revoke && approvals[o.Revoked].Revoked):
			op.Return = math.MaxInt64
		case !o.Kind.writes() && o.Kind != FreshRead, o.Err != nil:
			continue
		}
		users[o.User] = append(users[o.User], op)
	}
	register := porcupine.Model{
		Init: func() any { return uuid.Nil },
		Step: func(state, input, _ any) (bool, any) {
			o, _ := input.(Operation)
			if o.Kind == Revoke && o.Revoked != state { // it was overtaken
				return true, state
			}
			return o.Kind.writes() || o.Ticket == state, o.Ticket
		},
	}
	for user, ops := range users {
		if result := porcupine.CheckOperationsTimeout(register, boundOperations(ops), time.Minute); result != porcupine.Ok {
			f[NotLinearizable] = fmt.Sprintf("%s: %s", user, result)
		}
	}
}

// maxChecked is how many operations of one user are checked for linearizability: what the checker takes grows faster than their number, and a
// busy machine makes more of them overlap.
const maxChecked = 3000

// boundOperations are the first operations in the order of their calls, without reads that end after the last of them was called: they may have
// seen a write that is left out.
func boundOperations(ops []porcupine.Operation) []porcupine.Operation {
	if len(ops) <= maxChecked {
		return ops
	}
	slices.SortStableFunc(ops, func(a, b porcupine.Operation) int { return cmp.Compare(a.Call, b.Call) })
	end := ops[maxChecked].Call
	return slices.DeleteFunc(ops[:maxChecked], func(op porcupine.Operation) bool {
		o, _ := op.Input.(Operation)
		return !o.Kind.writes() && op.Return > end
	})
}
