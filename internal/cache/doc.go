// Package cache is the Desk around a Desk. It caches a user's latest approval and the first page of their tickets, and
// decides which database answers the rest: a replica as long as that is proven fresh, else the primary. Four small guards,
// and what a reader may rely on because of them:
//
// The guards. A lease (lease.go): a load notes the generation of its user and the epoch of the instance, and what it
// read is cached only if both are unchanged when it is done. A dirty window (lease.go): an instance that writes, or
// receives a change, forgets the user and for W reads them from the primary; an instance that begins to listen forgets all
// users and reads everything from the primary for W. A gate (gate.go), one for each replica: the replica is read only while
// it is proven to have all that the primary had L ago or later, over connections that are older than the proof. A floor
// (floor.go): what was served last is served again rather than something older.
//
// P0, what was acknowledged is never lost, and P6, no decision reads a copy: this package only passes writes on, and
// never calls its own look-ups.
//
// P1, a read under [ticket.Fresh] is linearizable: it goes to the primary and its result is returned unchanged. It also
// raises the floor, so that an ordinary read after it is no older.
//
// P2, a writer sees the write at once: the write returns after the user was forgotten. A read after it finds no entry;
// it cannot share a load from before, whose key has the old generation; and a load from before cannot leave an entry
// behind, as its lease has ended. The new load reads the primary, because the user is dirty. When that ends, W after
// the write, the gate demands a replica that has all of L ago, and L is less than W: so it has the write. Which replica that
// is makes no difference: nothing is concluded from one about another.
//
// P3, the latest approval of a user never goes backwards on one instance: every result is compared with the last one
// served, under the lock of the user's stripe, and the newer of the two is served. An entry is never older than that
// one, since raising the floor drops the entry. Versions are comparable as the primary makes them grow under a lock. That an
// approval was removed is an answer with the version of the approval, and newer than that.
// It ends when nobody asked for F, or when the databases deny for as long a version that was served: that is one that a
// failover lost, or whose commit still waits for a standby. A fresh read returns what the primary says, even in that case.
//
// P4, an ordinary read has all that was acknowledged T + L before: its entry was loaded at most T ago, counted from
// before the load, and the source had everything of L before that. No notification is needed for it. With them, an
// instance that receives a change forgets before it serves the next read, and one that was disconnected forgets everything
// as soon as it listens again: first LISTEN, then forget, so that a write is either seen by the loads after or received.
//
// When the primary cannot be reached, the gates close within L, and a load reads a replica as it is: the one that was
// proven last, of those that answer. So does a load that the primary refuses as it is overloaded, but not that of a user
// who is dirty. Its result is marked as degraded, not cached, and still no older than the last one served. A primary that
// is silent refuses at once (package postgres), so that a load does not wait for it. Before that is known, a load gives up a
// primary that has said nothing to anybody for a fifth of a second; not that of a user who is dirty.
//
// P5, a repeated request is applied once, is the task of the store.
//
// Everything held here is bounded: entries and floors by the size given to New, generations by the number of stripes.
package cache
