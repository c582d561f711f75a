package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/form"
	"docket/internal/postgres"
)

const (
	auditPage  = 500                // entries that are read at a time
	auditRange = 7 * 24 * time.Hour // when no beginning is given
	auditSkew  = 2 * time.Hour      // by how much the clock here may be behind that of the database
)

type auditCommand struct {
	dirOptions
	formOptions
	From       string       `placeholder:"DATE" help:"The first day in the form's time zone, such as 2026-01-31, or a time such as 2026-01-31T09:00:00Z. Default: seven days before the end."`
	To         string       `placeholder:"DATE" help:"The last day, which belongs to it, or a time. Default: now."`
	Actor      string       `placeholder:"ACTOR" help:"Only what one actor did: agent:ID, user:ID, key:NAME, rule:NAME, cli or anonymous."`
	Action     audit.Action `placeholder:"ACTION" help:"Only one action, such as ticket_opened, file_seen or sign_in_failed."`
	Ticket     string       `placeholder:"ID" help:"Only what was done with one ticket."`
	File       string       `placeholder:"ID" help:"Only what was done with one file."`
	Email      string       `placeholder:"ADDRESS" help:"Only failed sign-ins with one e-mail address. Needs the session key of the servers."`
	SessionKey string       `env:"SESSION_KEY" placeholder:"KEY" help:"The session key of the servers, for --email. Default: that of docket dev."`
	JSON       bool         `name:"json" help:"Print a line of JSON for each entry."`
}

// Help implements kong.HelpProvider.
func (auditCommand) Help() string {
	return "Prints, newest first, who signed in, opened which ticket, saw which file and was shown how many tickets of a list, who decided and " +
		"reopened, and who changed which account or key."
}

// Validate refuses an unknown action, and more than one object. Kong calls it.
func (c auditCommand) Validate() error {
	if c.Action != "" && !slices.Contains(audit.Actions, c.Action) {
		return fmt.Errorf("there is no action %q; the actions are %q", c.Action, audit.Actions)
	}
	given := 0
	for _, object := range []string{c.Ticket, c.File, c.Email} {
		if object != "" {
			given++
		}
	}
	if given > 1 {
		return errors.New("name one of --ticket, --file and --email")
	}
	return nil
}

func (c auditCommand) Run(ctx context.Context, out io.Writer) error {
	f, err := c.load()
	if err != nil {
		return err
	}
	filter := audit.Filter{Actor: c.Actor, Action: c.Action, Limit: auditPage}
	if filter.From, filter.To, err = c.parseRange(f, time.Now()); err != nil {
		return err
	}
	if c.To == "" {
		filter.To = filter.To.Add(auditSkew)
	}
	key, err := c.findSessionKey()
	if err != nil {
		return err
	}
	pool, err := c.openPool(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	trail := newTrail(pool, key)
	if filter.Object, err = c.object(trail); err != nil {
		return err
	}
	show, finish := c.newPrinter(out, f.Zone)
	for {
		entries, next, err := trail.List(ctx, filter)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if err := show(e); err != nil {
				return err
			}
		}
		if filter.Before = next; next == (audit.Place{}) {
			return finish()
		}
	}
}

// parseRange returns the range of time; days are those of the form.
func (c auditCommand) parseRange(f *form.Form, now time.Time) (from, to time.Time, err error) {
	r := timeRange{From: c.From, To: c.To}
	if r.From != "" {
		return r.parseRange(f, now)
	}
	to, ok := f.ParseTime(r.To, 1)
	if r.To == "" {
		to, ok = now, true
	}
	if !ok {
		return from, to, fmt.Errorf(badTimeText, "--to", r.To)
	}
	return to.Add(-auditRange), to, nil
}

// findSessionKey returns the key that hashes e-mail addresses; nil when none is needed.
func (c auditCommand) findSessionKey() ([]byte, error) {
	if c.Email == "" {
		return nil, nil
	}
	return c.readSessionKey(c.SessionKey)
}

// object is what the entries must be about; empty: anything.
func (c auditCommand) object(trail *audit.Trail) (string, error) {
	switch {
	case c.Email != "":
		return trail.Email(account.NormalizeEmail(c.Email)), nil
	case c.Ticket == "" && c.File == "":
		return "", nil
	}
	id, err := uuid.Parse(cmp.Or(c.Ticket, c.File))
	switch {
	case err != nil:
		return "", fmt.Errorf("%q is no id of a ticket or a file", cmp.Or(c.Ticket, c.File))
	case c.Ticket != "":
		return audit.TicketObject(id), nil
	}
	return audit.FileObject(id), nil
}

// entryJSON is an entry as --json prints it.
type entryJSON struct {
	AtMS      int64        `json:"at_ms"`
	Actor     string       `json:"actor"`
	Action    audit.Action `json:"action"`
	Object    string       `json:"object,omitempty"`
	Count     int64        `json:"count,omitempty"`
	Client    string       `json:"client,omitempty"`
	RequestID string       `json:"request_id,omitempty"`
}

// newPrinter returns what prints an entry, and what must be called at the end.
func (c auditCommand) newPrinter(out io.Writer, zone *time.Location) (show func(audit.Entry) error, finish func() error) {
	if c.JSON {
		encoder := json.NewEncoder(out)
		return func(e audit.Entry) error {
			return encoder.Encode(entryJSON{e.At.UnixMilli(), e.Actor, e.Action, e.Object, e.Count, clientText(e), e.RequestID})
		}, func() error { return nil }
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "TIME\tACTOR\tACTION\tOBJECT\tCOUNT\tCLIENT\tREQUEST")
	return func(e audit.Entry) error {
		count := ""
		if e.Count > 0 {
			count = fmt.Sprint(e.Count)
		}
		_, err := fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", e.At.In(zone).Format("2006-01-02 15:04:05.000"), e.Actor, e.Action, e.Object, count, clientText(e), e.RequestID)
		return err
	}, table.Flush
}

// clientText is the address of the client; empty when there is none.
func clientText(e audit.Entry) string {
	if !e.Client.IsValid() {
		return ""
	}
	return e.Client.String()
}

// newTrail is the audit for a command; without key it hashes no e-mail address.
func newTrail(pool *postgres.Pool, key []byte) *audit.Trail {
	return audit.New(pool, key, slog.New(slog.DiscardHandler), audit.Hooks{})
}

// recordCommand records what a command did.
func recordCommand(ctx context.Context, pool *postgres.Pool, action audit.Action, object string, count int64) error {
	err := newTrail(pool, nil).RecordNow(ctx, audit.Entry{Actor: audit.CLI, Action: action, Object: object, Count: count})
	if err != nil {
		return fmt.Errorf("it is done, but the audit does not say so: %w", err)
	}
	return nil
}
