// Package formarchive keeps every text of the form that tickets were submitted under, and finds it to show them.
package formarchive

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"docket/db"
	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/postgres"
)

const (
	maxCached       = 32                     // forms in memory: more than are looked at in one day
	queryTimeout    = 500 * time.Millisecond // of one database: there is another form to show the ticket with
	queryTrips      = 3                      // and as many round trips: to ping, to prepare, to ask
	missingLife     = time.Minute            // how long a version that is not kept is not looked up again
	unavailableLife = time.Second            // how long a version is not looked up again after no database answered
)

// Archive keeps forms in a database. A version is the hash of its text, so what was read once never changes.
type Archive struct {
	primary  *postgres.Pool
	replicas func() []*postgres.Pool
	q        *db.Queries
	log      *slog.Logger
	kept     atomic.Pointer[form.Form] // is in the database
	today    *form.Form                // whose files of options earlier forms are shown with; nil: none
	mu       sync.Mutex                // guards cached
	cached   map[string]cachedForm
}

// cachedForm is one version of the form; nil until that time when there is none.
type cachedForm struct {
	form  *form.Form
	until time.Time
}

// New keeps forms on the primary, and reads them from a replica while that is not available.
func New(primary *postgres.Pool, replicas func() []*postgres.Pool, log *slog.Logger) *Archive {
	return &Archive{primary: primary, replicas: replicas, q: db.New(), log: log, cached: map[string]cachedForm{}}
}

// WithOptionsOf shows earlier forms with the files of options that today's form has.
func (a *Archive) WithOptionsOf(today *form.Form) *Archive {
	a.today = today
	return a
}

// Keep stores the text of a form, to be found by its version. From the second call on it does nothing.
func (a *Archive) Keep(ctx context.Context, today *form.Form) error {
	if a.kept.Load() == today {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, queryTimeout+postgres.Trips(a.primary, queryTrips))
	defer cancel()
	if err := a.q.FormKeep(ctx, a.primary, db.FormKeepParams{Version: today.Version, Text: today.Text}); err != nil {
		return postgres.WrapError("keep the form", err)
	}
	a.kept.Store(today)
	return nil
}

// Since is when a version of the form was kept first; zero when it was not.
func (a *Archive) Since(ctx context.Context, version string) (time.Time, error) {
	ms, err := a.q.FormSince(ctx, a.primary, version)
	if postgres.IsNoRows(err) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, postgres.WrapError("find out since when the form is used", err)
	}
	return time.UnixMilli(ms), nil
}

// Before is the form that was kept last before this version, and since when it is kept; nil when there is none, or when it is not a form
// any more. Of a version that is not kept it is the last one.
func (a *Archive) Before(ctx context.Context, version string) (*form.Form, time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, queryTimeout+postgres.Trips(a.primary, queryTrips))
	defer cancel()
	row, err := a.q.FormBefore(ctx, a.primary, version)
	if postgres.IsNoRows(err) {
		return nil, time.Time{}, nil
	}
	if err != nil {
		return nil, time.Time{}, postgres.WrapError("read the form before", err)
	}
	return a.parseForm(row.Version, row.Text), time.UnixMilli(row.CreatedAtMs), nil
}

// Find finds the forms with these versions, with one query at most. Those are missing that were not kept, that no database
// can give now, or whose text is not a form any more.
func (a *Archive) Find(ctx context.Context, versions ...string) map[string]*form.Form {
	found, unread := a.cachedForms(versions)
	if len(unread) == 0 {
		return found
	}
	texts, life, err := a.readTexts(ctx, unread)
	if ctx.Err() != nil {
		return found
	}
	if err != nil {
		a.log.Warn("tickets are shown with today's form instead of their own", "versions", unread, "error", err)
	}
	for _, version := range unread {
		e := cachedForm{until: time.Now().Add(life)}
		if text, ok := texts[version]; ok {
			e.form = a.parseForm(version, text)
		}
		if a.cacheForm(version, e); e.form != nil {
			found[version] = e.form
		}
	}
	return found
}

// cachedForms are the forms in memory, and the versions that have to be read.
func (a *Archive) cachedForms(versions []string) (found map[string]*form.Form, unread []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	found = map[string]*form.Form{}
	for _, version := range versions {
		e, ok := a.cached[version]
		switch {
		case e.form != nil:
			found[version] = e.form
		case !ok || time.Now().After(e.until):
			unread = append(unread, version)
		}
	}
	return found, unread
}

func (a *Archive) cacheForm(version string, e cachedForm) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.cached) >= maxCached {
		clear(a.cached)
	}
	a.cached[version] = e
}

// readTexts reads from the primary, or while that is not available from a replica. life is how long what is missing is not
// looked up again.
func (a *Archive) readTexts(ctx context.Context, versions []string) (texts map[string][]byte, life time.Duration, err error) {
	texts, err = a.queryTexts(ctx, a.primary, versions)
	if err == nil {
		return texts, missingLife, nil
	}
	for _, replica := range a.replicas() {
		if texts, err := a.queryTexts(ctx, replica, versions); err == nil || ctx.Err() != nil {
			return texts, unavailableLife, nil // a replica may lag behind
		}
	}
	return nil, unavailableLife, err
}

func (a *Archive) queryTexts(ctx context.Context, pool *postgres.Pool, versions []string) (map[string][]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, queryTimeout+postgres.Trips(pool, queryTrips))
	defer cancel()
	rows, err := a.q.FormList(ctx, pool, versions)
	if err != nil {
		return nil, postgres.WrapError("read forms", err)
	}
	texts := make(map[string][]byte, len(rows))
	for _, row := range rows {
		texts[row.Version] = row.Text
	}
	return texts, nil
}

// parseForm is a text as a form; nil, logged, when it is not one any more.
func (a *Archive) parseForm(version string, text []byte) *form.Form {
	old, err := formfile.Parse(text)
	if mistakes, ok := errors.AsType[formfile.Mistakes](err); ok {
		a.log.Warn("an old form cannot be read any more, so its tickets are shown with today's", "version", version, "mistakes", len(mistakes))
		return nil
	}
	if old != nil && a.today != nil {
		old.UseOptionLists(a.today)
	}
	return old
}
