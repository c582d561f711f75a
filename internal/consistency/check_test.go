package consistency_test

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/consistency"
)

var (
	first, second = uuid.UUID{1}, uuid.UUID{2}
	gone          = uuid.UUID{3} // stands for none, after the first was removed
	start         = time.Unix(1_000_000, 0)
	approvals     = map[uuid.UUID]consistency.Approval{first: {Version: 1, Revoked: true}, second: {Version: 2}}
)

// operation is one of the user ann that is called and returns at these places in the order of all.
func operation(kind consistency.Kind, client string, call, returned int64, ticket uuid.UUID) consistency.Operation {
	o := consistency.Operation{
		Kind: kind, Client: client, Instance: "a", User: "ann", Call: call, Return: returned, At: start.Add(time.Duration(call) * time.Second),
		Ticket: ticket, Version: approvals[ticket].Version,
	}
	if ticket == gone {
		o.Ticket, o.Version = uuid.Nil, approvals[first].Version
	}
	return o
}

func TestCheck(t *testing.T) {
	t.Parallel()
	approve := func(client string, call, returned int64, ticket uuid.UUID) consistency.Operation {
		return operation(consistency.Approve, client, call, returned, ticket)
	}
	read := func(client string, call, returned int64, ticket uuid.UUID) consistency.Operation {
		return operation(consistency.Read, client, call, returned, ticket)
	}
	fresh := func(client string, call, returned int64, ticket uuid.UUID) consistency.Operation {
		return operation(consistency.FreshRead, client, call, returned, ticket)
	}
	receive := func(call, returned int64) consistency.Operation {
		return operation(consistency.Receive, "", call, returned, uuid.Nil)
	}
	erase := func(call, returned int64) consistency.Operation {
		return operation(consistency.Erase, "e", call, returned, gone)
	}
	revoke := func(call, returned int64, ticket uuid.UUID) consistency.Operation {
		o := operation(consistency.Revoke, "e", call, returned, gone)
		o.Revoked, o.Version = ticket, approvals[ticket].Version
		return o
	}
	unknownRevocation := revoke(3, 4, first)
	unknownRevocation.Err = errors.New("the outcome is unknown")
	degraded := read("w", 5, 6, first)
	degraded.Degraded = true
	unknown := approve("w", 3, 4, second)
	unknown.Version, unknown.Err = 0, errors.New("the outcome is unknown")
	lost := approve("w", 1, 2, uuid.UUID{9})
	lost.Version, lost.Err = 0, errors.New("the outcome is unknown")
	for name, try := range map[string]struct {
		history []consistency.Operation
		want    []string
	}{
		"nothing wrong":                  {[]consistency.Operation{approve("w", 1, 2, first), approve("w", 3, 4, second), read("w", 5, 6, second), fresh("r", 7, 8, second)}, nil},
		"lost":                           {[]consistency.Operation{approve("w", 1, 2, uuid.UUID{9})}, []string{consistency.Lost}},
		"phantom":                        {[]consistency.Operation{read("r", 1, 2, uuid.UUID{9})}, []string{consistency.Phantom}},
		"seen, then lost":                {[]consistency.Operation{lost, read("r", 3, 4, uuid.UUID{9})}, []string{consistency.SeenThenLost}},
		"seen freshly, then lost":        {[]consistency.Operation{lost, fresh("r", 3, 4, uuid.UUID{9})}, []string{consistency.NotLinearizable, consistency.Phantom}},
		"fresh read too old":             {[]consistency.Operation{approve("w", 1, 2, first), approve("w", 3, 4, second), fresh("r", 5, 6, first)}, []string{consistency.NotLinearizable}},
		"fresh read while written":       {[]consistency.Operation{approve("w", 1, 2, first), approve("w", 3, 6, second), fresh("r", 4, 5, first)}, nil},
		"erased":                         {[]consistency.Operation{approve("w", 1, 2, first), erase(3, 4), read("w", 5, 6, gone), fresh("r", 7, 8, gone)}, nil},
		"erased, and seen again":         {[]consistency.Operation{approve("w", 1, 2, first), erase(3, 4), read("r", 5, 6, gone), read("r", 7, 8, first)}, []string{consistency.Backward}},
		"erased, and read freshly":       {[]consistency.Operation{approve("w", 1, 2, first), erase(3, 4), fresh("r", 5, 6, first)}, []string{consistency.NotLinearizable}},
		"own erasure unseen":             {[]consistency.Operation{approve("w", 1, 2, first), erase(3, 4), read("e", 5, 6, first)}, []string{consistency.OwnWriteUnseen}},
		"erased and approved again":      {[]consistency.Operation{approve("w", 1, 2, first), erase(3, 4), approve("w", 5, 6, second), read("w", 7, 8, second)}, nil},
		"approved again, and unseen":     {[]consistency.Operation{approve("w", 1, 2, first), erase(3, 4), approve("w", 5, 6, second), read("w", 7, 8, gone)}, []string{consistency.OwnWriteUnseen}},
		"revoked":                        {[]consistency.Operation{approve("w", 1, 2, first), revoke(3, 4, first), read("w", 5, 6, gone), fresh("r", 7, 8, gone)}, nil},
		"revoked, and seen again":        {[]consistency.Operation{approve("w", 1, 2, first), revoke(3, 4, first), read("r", 5, 6, gone), read("r", 7, 8, first)}, []string{consistency.Backward}},
		"revoked, and read freshly":      {[]consistency.Operation{approve("w", 1, 2, first), revoke(3, 4, first), fresh("r", 5, 6, first)}, []string{consistency.NotLinearizable}},
		"own revocation unseen":          {[]consistency.Operation{approve("w", 1, 2, first), revoke(3, 4, first), read("e", 5, 6, first)}, []string{consistency.OwnWriteUnseen}},
		"revocation lost":                {[]consistency.Operation{approve("w", 1, 2, second), revoke(3, 4, second)}, []string{consistency.LostRevocation}},
		"revoked after it was overtaken": {[]consistency.Operation{approve("w", 1, 2, first), approve("w", 3, 4, second), revoke(5, 6, first), fresh("r", 7, 8, second), read("e", 9, 10, second)}, nil},
		"another removed by it":          {[]consistency.Operation{approve("w", 1, 2, first), approve("w", 3, 4, second), revoke(5, 6, first), fresh("r", 7, 8, gone)}, []string{consistency.NotLinearizable}},
		"unknown revocation seen":        {[]consistency.Operation{approve("w", 1, 2, first), unknownRevocation, fresh("r", 5, 6, first), fresh("r", 7, 8, gone)}, nil},
		"unknown approval seen":          {[]consistency.Operation{approve("w", 1, 2, first), unknown, fresh("r", 5, 6, first), fresh("r", 7, 8, second)}, nil},
		"own write unseen":               {[]consistency.Operation{approve("w", 1, 2, first), approve("w", 3, 4, second), read("w", 5, 6, first)}, []string{consistency.OwnWriteUnseen}},
		"own write unseen, degraded":     {[]consistency.Operation{approve("w", 1, 2, first), approve("w", 3, 4, second), degraded}, nil},
		"write of another unseen":        {[]consistency.Operation{approve("w", 1, 2, first), approve("w", 3, 4, second), read("r", 5, 6, first)}, nil},
		"received and unseen":            {[]consistency.Operation{approve("w", 1, 2, first), approve("w", 3, 4, second), receive(5, 6), read("r", 7, 8, first)}, []string{consistency.ReceivedUnseen}},
		"received before the write":      {[]consistency.Operation{approve("w", 1, 2, first), receive(3, 6), approve("w", 4, 5, second), read("r", 7, 8, first)}, nil},
		"backward":                       {[]consistency.Operation{read("r", 1, 2, second), read("r", 3, 4, first)}, []string{consistency.Backward}},
		"backward after a fresh read":    {[]consistency.Operation{fresh("r", 1, 2, second), read("r", 3, 4, first)}, []string{consistency.Backward, consistency.NotLinearizable}},
		"older, but by another":          {[]consistency.Operation{read("r", 1, 2, second), read("q", 3, 4, first)}, nil},
		"stale":                          {[]consistency.Operation{approve("w", 1, 2, first), approve("w", 3, 4, second), read("r", 20, 21, first)}, []string{consistency.Stale}},
		"old, but within the bound":      {[]consistency.Operation{approve("w", 1, 2, first), approve("w", 3, 4, second), read("r", 12, 13, first)}, nil},
	} {
		found := consistency.Check(try.history, approvals, 10*time.Second)
		if got := slices.Sorted(maps.Keys(found)); !slices.Equal(got, slices.Sorted(slices.Values(try.want))) {
			t.Errorf("%s: found %q, want %q: %v", name, got, try.want, found)
		}
	}
}
