package consistency

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/internal/ticket"
)

// Kind is what an operation does.
type Kind string

// The kinds of operation. A fresh read asks for what the primary knows; an instance receives a change, or all changes that
// it may have missed while it was disconnected.
const (
	Approve   Kind = "approve"
	Erase     Kind = "erase"  // the latest approval is removed
	Revoke    Kind = "revoke" // one approval is taken back: the latest is removed if it is that one
	Read      Kind = "read"
	FreshRead Kind = "fresh read"
	Receive   Kind = "receive"
)

// Operation is one operation of a client or an instance, and its result.
type Operation struct {
	Kind         Kind
	Client       string // does one operation after the other
	Instance     string
	User         string    // empty: all
	Call, Return int64     // the order of all calls and returns; Return is 0 until the operation is over
	At           time.Time // by the clock of the history: the call of a read, the return of an approval
	Ticket       uuid.UUID // what was approved or read; Nil: there is none
	Revoked      uuid.UUID // whose approval was taken back
	Version      int64     // without a ticket: of the approval that was removed, 0 if none was
	Err          error
	Degraded     bool
}

// History records operations of concurrent clients in their order.
type History struct {
	mu         sync.Mutex // guards what follows
	now        func() time.Time
	order      int64
	operations []*Operation
}

// NewHistory is an empty history with a clock.
func NewHistory(now func() time.Time) *History { return &History{now: now} }

// Begin records the call of an operation.
func (h *History) Begin(o Operation) *Operation {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.order++
	o.Call, o.At = h.order, h.now()
	h.operations = append(h.operations, &o)
	return &o
}

// End records the result of an operation. That there is no approval is a result too.
func (h *History) End(o *Operation, a ticket.Approval, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.order++
	o.Return, o.Degraded = h.order, a.Degraded
	if o.Kind.writes() {
		o.At = h.now()
	}
	if o.Err = err; errors.Is(err, ticket.ErrNotFound) {
		o.Err = nil
	}
	if err == nil {
		o.Ticket = a.TicketID
	}
	if o.Err == nil && !a.UpdatedAt.IsZero() {
		o.Version = a.UpdatedAt.UnixMilli()
	}
}

func (k Kind) writes() bool { return k == Approve || k == Erase || k == Revoke }

// place orders what was written and read of a user: that an approval was removed comes after it, and before the next.
func (o *Operation) place() int64 {
	if o.Ticket == uuid.Nil && o.Version > 0 {
		return 2*o.Version + 1
	}
	return 2 * o.Version
}

// Finished returns the operations that are over, in the order of their calls.
func (h *History) Finished() []Operation {
	h.mu.Lock()
	defer h.mu.Unlock()
	var finished []Operation
	for _, o := range h.operations {
		if o.Return > 0 {
			finished = append(finished, *o)
		}
	}
	slices.SortFunc(finished, func(a, b Operation) int { return cmp.Compare(a.Call, b.Call) })
	return finished
}

// Approval is an approval as the primary has it.
type Approval struct {
	Version int64
	Revoked bool // it was taken back
}

type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// ReadApprovals reads every approval on the primary, by ticket, also those that were taken back.
func ReadApprovals(ctx context.Context, primary querier) (map[uuid.UUID]Approval, error) {
	rows, err := primary.Query(ctx, "SELECT id, decided_at_ms, status = 'revoked' FROM (SELECT * FROM tickets UNION ALL SELECT * FROM archived_rows) t WHERE status IN ('approved', 'revoked')")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	approvals := map[uuid.UUID]Approval{}
	for rows.Next() {
		var id uuid.UUID
		var a Approval
		if err := rows.Scan(&id, &a.Version, &a.Revoked); err != nil {
			return nil, err
		}
		approvals[id] = a
	}
	return approvals, rows.Err()
}
