// Package transfer writes tickets, with what became of them, to lines of JSON, and adds tickets from such lines: to move to another
// database, to bring tickets from another system, or to give a user what is kept about them. docs/import.md says what a line holds.
package transfer

import (
	"encoding/json"

	"github.com/google/uuid"
)

// Format is the number of the format that is written. Every number up to it is read.
const Format = 1

// line is one line of an export. One of its fields is set. Times are Unix milliseconds.
type line struct {
	Docket  *header  `json:"docket,omitempty"` // the first line
	Form    *form    `json:"form,omitempty"`
	File    *file    `json:"file,omitempty"` // before the first ticket that names it
	Ticket  *Ticket  `json:"ticket,omitempty"`
	Erasure *erasure `json:"erasure,omitempty"` // after the tickets of the user
}

type header struct {
	Format int `json:"format"`
}

// form is a text of the form that tickets were submitted under.
type form struct {
	Version string `json:"version"` // SHA-256 of the text, in hex
	Text    string `json:"text"`
}

// file is an uploaded file.
type file struct {
	ID         uuid.UUID       `json:"id"`
	UserID     string          `json:"user_id"`
	Field      string          `json:"field"`
	MediaType  string          `json:"media_type"` // image/jpeg or application/pdf
	Size       int64           `json:"size"`
	SHA256     []byte          `json:"sha256,omitempty"` // of what was uploaded; a picture is encoded anew
	Phash      *int64          `json:"phash,omitempty"`
	Signals    json.RawMessage `json:"signals,omitempty"`
	Readings   json.RawMessage `json:"readings,omitempty"` // what was read of a picture
	UploadedBy string          `json:"uploaded_by"`
	CreatedMS  int64           `json:"created_at_ms"`
	Gone       bool            `json:"gone,omitempty"` // its bytes were deleted, and what is known of them
	Bytes      []byte          `json:"bytes,omitempty"`
}

// Ticket is a ticket with its history.
type Ticket struct {
	ID             uuid.UUID       `json:"id"`
	UserID         string          `json:"user_id"`
	Status         string          `json:"status"`
	Extra          json.RawMessage `json:"extra"`
	CreatedMS      int64           `json:"created_at_ms"`
	ClosedMS       int64           `json:"closed_at_ms,omitempty"` // decided or withdrawn
	DecidedBy      string          `json:"decided_by,omitempty"`
	BySender       bool            `json:"withdrawn_by_sender,omitempty"` // by submitted_by, not by the user
	ByEraser       bool            `json:"withdrawn_by_eraser,omitempty"` // by who erased it
	Reasons        []string        `json:"reasons,omitempty"`             // of a rejection; as the class and the comment
	Rows           []string        `json:"rows,omitempty"`                // of groups that it is for
	Class          string          `json:"class,omitempty"`
	Comment        string          `json:"comment,omitempty"`
	Note           string          `json:"note,omitempty"`
	RuleHash       string          `json:"rule_hash,omitempty"`
	Grant          json.RawMessage `json:"grant,omitempty"` // of an approval: its own answers
	Subject        string          `json:"subject,omitempty"`
	ValidUntilMS   int64           `json:"valid_until_ms,omitempty"`
	ExpiredMS      int64           `json:"expired_at_ms,omitempty"` // when it was noted that the approval had ended
	Revoked        *Revocation     `json:"revoked,omitempty"`
	Erased         *Erased         `json:"erased,omitempty"`
	FormVersion    string          `json:"form_version,omitempty"`
	Language       string          `json:"language,omitempty"`
	Queue          string          `json:"queue,omitempty"`
	OneOpen        bool            `json:"one_open,omitempty"`
	SubmittedBy    string          `json:"submitted_by,omitempty"`
	SubmissionKey  string          `json:"submission_key,omitempty"`
	SubmissionHash []byte          `json:"submission_hash,omitempty"`
	Attempt        int32           `json:"attempt,omitempty"`
	PreviousID     *uuid.UUID      `json:"previous_id,omitempty"`
	Turn           *int32          `json:"turn,omitempty"`
	Files          []uuid.UUID     `json:"files,omitempty"`
	Notes          []Note          `json:"notes,omitempty"`
	Opinions       []Opinion       `json:"opinions,omitempty"`
	Steps          []Step          `json:"steps,omitempty"` // in which it is approved
	Verdicts       []Verdict       `json:"verdicts,omitempty"`
	Reopening      *Reopening      `json:"reopening,omitempty"`
}

// Revocation says that an approval was taken back.
type Revocation struct {
	By      string `json:"by"`
	AtMS    int64  `json:"at_ms"`
	Reason  string `json:"reason"`
	Class   string `json:"class"`
	Comment string `json:"comment"`
	Note    string `json:"note,omitempty"`
}

// Erased says that the answers of a ticket were erased.
type Erased struct {
	By     string `json:"by"`
	AtMS   int64  `json:"at_ms"`
	Reason string `json:"reason"`
}

// Note is what an agent did with a ticket beside deciding it.
type Note struct {
	ID      uuid.UUID `json:"id"`
	Kind    string    `json:"kind"`
	Actor   string    `json:"actor"`
	AtMS    int64     `json:"at_ms"`
	Text    string    `json:"text"`
	Target  *string   `json:"target,omitempty"`
	UntilMS *int64    `json:"until_ms,omitempty"`
}

// Opinion is what an agent thought of a ticket that two people decide.
type Opinion struct {
	Step    int32           `json:"step"`
	Ordinal int32           `json:"ordinal"`
	GivenBy string          `json:"given_by"`
	Verdict string          `json:"verdict"`
	Reasons []string        `json:"reasons,omitempty"`
	Class   *string         `json:"class,omitempty"`
	Rows    []string        `json:"reject_rows,omitempty"`
	Comment string          `json:"comment"`
	Note    string          `json:"note"`
	Grant   json.RawMessage `json:"grant,omitempty"`
	AtMS    int64           `json:"at_ms"`
}

// Step is one of the steps in which a ticket is approved. Its approval is an Opinion.
type Step struct {
	Step        int32   `json:"step"`
	Turn        int32   `json:"turn"`
	Name        string  `json:"name"`
	Email       *string `json:"email,omitempty"`
	Team        *string `json:"team,omitempty"`
	Key         *string `json:"key,omitempty"`
	RemindMS    *int64  `json:"remind_ms,omitempty"`
	StandInMS   *int64  `json:"stand_in_ms,omitempty"`
	StandInTeam *string `json:"stand_in_team,omitempty"`
	SinceMS     *int64  `json:"since_ms,omitempty"`
}

// Verdict is what a rule said of a ticket.
type Verdict struct {
	Rule    string  `json:"rule"`
	Hash    string  `json:"hash"`
	Shadow  bool    `json:"shadow,omitempty"`
	Outcome string  `json:"outcome"`
	Reason  *string `json:"reason,omitempty"`
	AtMS    int64   `json:"at_ms"`
}

// Reopening is an admin's permission to submit again.
type Reopening struct {
	By   string `json:"reopened_by"`
	Note string `json:"note"`
	AtMS int64  `json:"at_ms"`
}

// erasure says that all that was kept of a user was erased.
type erasure struct {
	UserID     string `json:"user_id"`
	Actor      string `json:"actor"`
	Reason     string `json:"reason"`
	HadAccount bool   `json:"had_account"`
	Tickets    int64  `json:"tickets"`
	Files      int64  `json:"files"`
	AtMS       int64  `json:"at_ms"`
}
