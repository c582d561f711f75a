package archive

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"docket/internal/postgres"
	"docket/internal/ticket"
)

// History is what the archive has of a ticket beside its columns: its rows of other tables, without the id of the ticket.
type History struct {
	Events    []Event    `json:"events"`
	Notes     []Note     `json:"notes"`
	Opinions  []Opinion  `json:"opinions"`
	Steps     []Step     `json:"steps"`
	Verdicts  []Verdict  `json:"verdicts"`
	Reopening *Reopening `json:"reopening"`
	Look      *Look      `json:"look"`
}

// Event is a row of ticket_events.
type Event struct {
	Version  int64    `json:"version"`
	Kind     string   `json:"kind"`
	Actor    string   `json:"actor"`
	AtMS     int64    `json:"at_ms"`
	Reason   *string  `json:"reason"`
	Reasons  []string `json:"reasons"`
	Class    string   `json:"class"`
	Comment  string   `json:"comment"`
	Note     *string  `json:"note"`
	RuleHash string   `json:"rule_hash"`
}

// Note is a row of ticket_notes.
type Note struct {
	ID      uuid.UUID `json:"id"`
	Kind    string    `json:"kind"`
	Actor   string    `json:"actor"`
	AtMS    int64     `json:"at_ms"`
	Text    string    `json:"text"`
	Target  *string   `json:"target"`
	UntilMS *int64    `json:"until_ms"`
}

// Opinion is a row of opinions.
type Opinion struct {
	Step    int32           `json:"step"`
	Ordinal int32           `json:"ordinal"`
	GivenBy string          `json:"given_by"`
	Verdict string          `json:"verdict"`
	Reasons []string        `json:"reasons"`
	Class   *string         `json:"class"`
	Rows    []string        `json:"reject_rows"`
	Comment string          `json:"comment"`
	Note    string          `json:"note"`
	Grant   json.RawMessage `json:"grant_extra"`
	AtMS    int64           `json:"at_ms"`
}

// Step is a row of approval_steps.
type Step struct {
	Step        int32   `json:"step"`
	Turn        int32   `json:"turn"`
	Name        string  `json:"name"`
	Email       *string `json:"email"`
	Team        *string `json:"team"`
	Key         *string `json:"key"`
	RemindMS    *int64  `json:"remind_ms"`
	StandInMS   *int64  `json:"stand_in_ms"`
	StandInTeam *string `json:"stand_in_team"`
	SinceMS     *int64  `json:"since_ms"`
}

// Verdict is a row of verdicts.
type Verdict struct {
	Rule    string  `json:"rule"`
	Hash    string  `json:"hash"`
	Shadow  bool    `json:"shadow"`
	Outcome string  `json:"outcome"`
	Reason  *string `json:"reason"`
	AtMS    int64   `json:"at_ms"`
}

// Reopening is a row of reopenings.
type Reopening struct {
	By   string `json:"reopened_by"`
	Note string `json:"note"`
	AtMS int64  `json:"at_ms"`
}

// Look is a row of second_looks that was given.
type Look struct {
	DecidedBy string   `json:"decided_by"`
	Status    string   `json:"status"`
	DecidedMS int64    `json:"decided_at_ms"`
	GivenBy   string   `json:"given_by"`
	Verdict   string   `json:"verdict"`
	Reasons   []string `json:"reasons"`
	Note      string   `json:"note"`
	GivenMS   int64    `json:"given_at_ms"`
}

// Parse reads what the archive has of a ticket.
func Parse(text []byte) (h History, err error) {
	err = json.Unmarshal(text, &h)
	return h, err
}

// TicketEvents is every change of the ticket, oldest first, with the approvals of its steps after its submission.
func (h History) TicketEvents(id uuid.UUID) []ticket.Event {
	events := make([]ticket.Event, 0, len(h.Events)+len(h.Steps))
	for i, e := range h.Events {
		reasons := e.Reasons
		if reasons == nil && e.Reason != nil {
			reasons = []string{*e.Reason}
		}
		events = append(events, ticket.Event{
			TicketID: id, Version: e.Version, Kind: ticket.EventKind(e.Kind), Actor: e.Actor, At: time.UnixMilli(e.AtMS),
			Reasons: reasons, Class: ticket.Class(e.Class), Comment: e.Comment, Note: postgres.OrZero(e.Note), Hash: e.RuleHash,
		})
		if i == 0 {
			events = append(events, h.stepEvents(id)...)
		}
	}
	return events
}

func (h History) stepEvents(id uuid.UUID) (events []ticket.Event) {
	for _, s := range h.TicketSteps(id) {
		if s.Decision.By != "" {
			events = append(events, ticket.Event{
				TicketID: id, Version: 1, Kind: ticket.EventStep, Actor: s.Decision.By, At: s.Decision.At, Note: s.Decision.Note, Step: s.Name,
			})
		}
	}
	return events
}

// TicketNotes is what agents did with the ticket beside deciding it, oldest first.
func (h History) TicketNotes() (notes []ticket.Note) {
	for _, n := range h.Notes {
		notes = append(notes, ticket.Note{
			Kind: ticket.NoteKind(n.Kind), Actor: n.Actor, At: time.UnixMilli(n.AtMS), Text: n.Text,
			To: ticket.ParseReceiver(postgres.OrZero(n.Target)), Until: postgres.TimeOrZero(n.UntilMS),
		})
	}
	return notes
}

// TicketOpinions is what agents thought of the ticket, in the order in which they said so.
func (h History) TicketOpinions(id uuid.UUID) (opinions []ticket.Opinion) {
	for _, o := range h.Opinions {
		opinions = append(opinions, ticket.Opinion{TicketID: id, Ordinal: int(o.Ordinal), Decision: ticket.Decision{
			Status: ticket.Status(o.Verdict), By: o.GivenBy, At: time.UnixMilli(o.AtMS), Reasons: o.Reasons, Rows: o.Rows, Class: ticket.Class(postgres.OrZero(o.Class)),
			Comment: o.Comment, Note: o.Note, Grant: o.Grant,
		}})
	}
	return opinions
}

// TicketSteps are the steps in which the ticket was approved, in their order.
func (h History) TicketSteps(id uuid.UUID) (steps []ticket.Step) {
	for _, s := range h.Steps {
		step := ticket.Step{TicketID: id, Number: int(s.Step), NewStep: ticket.NewStep{
			Turn: int(s.Turn), Name: s.Name, Email: postgres.OrZero(s.Email), Team: postgres.OrZero(s.Team), Key: postgres.OrZero(s.Key), StandInTeam: postgres.OrZero(s.StandInTeam),
			Remind: time.Duration(postgres.OrZero(s.RemindMS)) * time.Millisecond, StandIn: time.Duration(postgres.OrZero(s.StandInMS)) * time.Millisecond,
		}}
		for _, o := range h.Opinions {
			if o.Step == s.Step {
				step.Decision = ticket.Decision{Status: ticket.Approved, By: o.GivenBy, At: time.UnixMilli(o.AtMS), Note: o.Note, Grant: o.Grant}
			}
		}
		steps = append(steps, step)
	}
	return steps
}

// SecondLook is the second look at the ticket; the zero SecondLook if there was none.
func (h History) SecondLook(id uuid.UUID) ticket.SecondLook {
	l := h.Look
	if l == nil {
		return ticket.SecondLook{}
	}
	return ticket.SecondLook{
		TicketID: id, By: l.DecidedBy, Status: ticket.Status(l.Status),
		Second: ticket.Decision{By: l.GivenBy, Status: ticket.Status(l.Verdict), Reasons: l.Reasons, Note: l.Note, At: time.UnixMilli(l.GivenMS)},
	}
}
