// Package formarchive keeps every text of the form that tickets were submitted under, and finds it again to show them.
package formarchive

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"docket/db"
	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/postgres"
)

const (
	most     = 32                     // forms in memory: more than are looked at in one day
	askTime  = 500 * time.Millisecond // how long one database may take: there is another form to show the ticket with
	lostLife = time.Minute            // how long it is believed that nobody kept a version
	awayLife = time.Second            // how long no database is asked again after none answered
)

// Forms keeps forms in a database. A version is the hash of its text, so what was read once holds for ever.
type Forms struct {
	primary  *pgxpool.Pool
	replicas func() []*pgxpool.Pool
	q        *db.Queries
	log      *slog.Logger
	kept     atomic.Pointer[form.Form] // is in the database
	mu       sync.Mutex                // guards known
	known    map[string]edition
}

// edition is one version of the form; until says for how long there is none.
type edition struct {
	form  *form.Form
	until time.Time
}

// New keeps forms on the primary, and reads them from a replica while that is away.
func New(primary *pgxpool.Pool, replicas func() []*pgxpool.Pool, log *slog.Logger) *Forms {
	return &Forms{primary: primary, replicas: replicas, q: db.New(), log: log, known: map[string]edition{}}
}

// Keep sees to it that the text of a form can be found by its version. From the second time on it costs nothing.
func (f *Forms) Keep(ctx context.Context, today *form.Form) error {
	if f.kept.Load() == today {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	if err := f.q.FormKeep(ctx, f.primary, db.FormKeepParams{Version: today.Version, Text: today.Text}); err != nil {
		return postgres.WrapError("keep the form", err)
	}
	f.kept.Store(today)
	return nil
}

// Of finds the forms with these versions, with one query at most. Those are missing that nobody kept, that no database
// tells at this moment, or whose text is no form any more.
func (f *Forms) Of(ctx context.Context, versions ...string) map[string]*form.Form {
	found, unread := f.remembered(versions)
	if len(unread) == 0 {
		return found
	}
	texts, life, err := f.read(ctx, unread)
	if ctx.Err() != nil {
		return found
	}
	if err != nil {
		f.log.Warn("tickets are shown with today's form instead of their own", "versions", unread, "error", err)
	}
	for _, version := range unread {
		e := edition{until: time.Now().Add(life)}
		if text, ok := texts[version]; ok {
			e.form = f.parsed(version, text)
		}
		if f.remember(version, e); e.form != nil {
			found[version] = e.form
		}
	}
	return found
}

// remembered is what need not be asked for, and which versions have to be.
func (f *Forms) remembered(versions []string) (found map[string]*form.Form, unread []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	found = map[string]*form.Form{}
	for _, version := range versions {
		e, ok := f.known[version]
		switch {
		case e.form != nil:
			found[version] = e.form
		case !ok || time.Now().After(e.until):
			unread = append(unread, version)
		}
	}
	return found, unread
}

func (f *Forms) remember(version string, e edition) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.known) >= most {
		clear(f.known)
	}
	f.known[version] = e
}

// read asks the primary, or while that is away the replicas, and says how long to believe that what it lacks is nowhere.
func (f *Forms) read(ctx context.Context, versions []string) (texts map[string][]byte, life time.Duration, err error) {
	texts, err = f.ask(ctx, f.primary, versions)
	if err == nil {
		return texts, lostLife, nil
	}
	for _, replica := range f.replicas() {
		if texts, there := f.ask(ctx, replica, versions); there == nil || ctx.Err() != nil {
			return texts, awayLife, nil // it may not have heard of one that the primary knows
		}
	}
	return nil, awayLife, err
}

func (f *Forms) ask(ctx context.Context, pool *pgxpool.Pool, versions []string) (map[string][]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	rows, err := f.q.FormList(ctx, pool, versions)
	if err != nil {
		return nil, postgres.WrapError("read forms", err)
	}
	texts := make(map[string][]byte, len(rows))
	for _, row := range rows {
		texts[row.Version] = row.Text
	}
	return texts, nil
}

// parsed is a text as a form; nil when it is none any more, which is not the fault of whoever looks at a ticket.
func (f *Forms) parsed(version string, text []byte) *form.Form {
	old, err := formfile.Parse(text)
	if mistakes, ok := errors.AsType[formfile.Mistakes](err); ok {
		f.log.Warn("an old form cannot be read any more, so its tickets are shown with today's", "version", version, "mistakes", len(mistakes))
		return nil
	}
	return old
}
