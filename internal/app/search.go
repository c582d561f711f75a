package app

import (
	"context"
	"encoding/json"

	"docket/internal/form"
	"docket/internal/postgres"
	"docket/internal/search"
	"docket/internal/store"
)

// RebuildSearch writes again by what every ticket is found, as the form says now. secret is that of the instances. begin is told
// about how many tickets there are, and done how many were written.
func RebuildSearch(ctx context.Context, primary *postgres.Pool, f *form.Form, secret []byte, begin, done func(int64)) error {
	identifier := search.NewIdentifier(secret)
	return store.Reindex(ctx, primary, func(extra json.RawMessage) (i store.Indexed) {
		answers := f.Answers(extra)
		i.Words, i.Whole = search.Index(f, answers)
		i.Identities = identifier.Identities(f, answers)
		return i
	}, begin, done)
}
