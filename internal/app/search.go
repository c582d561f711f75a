package app

import (
	"context"
	"encoding/json"
	"time"

	"docket/internal/form"
	"docket/internal/photo"
	"docket/internal/postgres"
	"docket/internal/search"
	"docket/internal/sleep"
	"docket/internal/store"
)

// NewIndex returns by what a ticket is found, as the form says now. secret is that of the instances.
func NewIndex(f *form.Form, secret []byte) store.IndexFunc {
	identifier := search.NewIdentifier(secret)
	return func(extra json.RawMessage, measured []json.RawMessage) (i store.Indexed) {
		i.Signals = warningsIn(measured)
		answers := f.Answers(extra)
		i.Words, i.Whole = search.Index(f, answers)
		i.Identities = identifier.Identities(f, answers)
		return i
	}
}

// RebuildSearch writes again by what every ticket is found. begin is told about how many tickets there are, and done how many were
// written.
func RebuildSearch(ctx context.Context, primary *postgres.Pool, f *form.Form, secret []byte, begin, done func(int64)) error {
	if err := store.Reindex(ctx, primary, NewIndex(f, secret), begin, done); err != nil {
		return err
	}
	return store.EndIndex(ctx, primary, search.NewIdentifier(secret).Fingerprint(f))
}

// fingerprint is of by what tickets are found now.
func (i *Instance) fingerprint() []byte { return i.identifier.Fingerprint(i.Web.Form) }

// indexed reports whether all tickets are found by what the form says now.
func (i *Instance) indexed(ctx context.Context) (bool, error) {
	return store.Indexes(ctx, i.Primary, i.fingerprint())
}

// reportSearch logs, once the database answers, when earlier tickets are not found by what the form says now.
func (i *Instance) reportSearch(ctx context.Context) error {
	for {
		err := store.BeginIndex(ctx, i.Primary, i.fingerprint())
		if err == nil {
			var indexed bool
			if indexed, err = i.indexed(ctx); err == nil && !indexed {
				i.log.Warn("earlier tickets are found by what an earlier form or session key said: run docket search rebuild")
			}
		}
		if err == nil {
			return nil
		}
		if sleep.For(ctx, time.Second) != nil {
			return nil
		}
	}
}

// warningsIn are what is wrong with the pictures of which this was measured.
func warningsIn(measured []json.RawMessage) (warnings []string) {
	for _, text := range measured {
		var s photo.Signals
		if json.Unmarshal(text, &s) != nil || s.Width == 0 { // the bytes of the file are gone
			continue
		}
		for _, warning := range s.Warnings() {
			warnings = append(warnings, string(warning))
		}
	}
	return warnings
}
