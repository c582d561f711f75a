// Package audit records who did what: who signed in, who opened which ticket and saw which file, who changed which account.
// Decisions and reopenings have rows of their own, which List reads, too.
package audit

import (
	"net/netip"
	"time"

	"github.com/google/uuid"
)

// Action is what was done.
type Action string

// The actions. The last four are not recorded here: tickets and reopenings have them, and the archive writes them.
const (
	SignedIn         Action = "signed_in"      // the password was right
	SignInFailed     Action = "sign_in_failed" // its object is the keyed hash of the address that was typed
	SignedOut        Action = "signed_out"
	SessionsEnded    Action = "sessions_ended"
	FactorAdded      Action = "factor_added"
	FactorRemoved    Action = "factor_removed"
	FactorPassed     Action = "factor_passed"
	FactorFailed     Action = "factor_failed"
	RecoveryCodeUsed Action = "recovery_code_used"
	PasswordChanged  Action = "password_changed"
	AccountAdded     Action = "account_added"
	RoleChanged      Action = "role_changed"
	AccountDisabled  Action = "account_disabled"
	AccountEnabled   Action = "account_enabled"
	TeamsChanged     Action = "teams_changed"
	AttributesSet    Action = "attributes_set"
	IdentityLinked   Action = "identity_linked" // the owner of an account signs in at a provider
	IdentityUnlinked Action = "identity_unlinked"
	KeyAdded         Action = "key_added"
	KeyRevoked       Action = "key_revoked"
	LinkAdded        Action = "link_added" // a submission link
	LinkRevoked      Action = "link_revoked"
	LinkOpened       Action = "link_opened" // by one more browser
	LinkCodeFailed   Action = "link_code_failed"
	WebhookAdded     Action = "webhook_added"
	WebhookDeleted   Action = "webhook_deleted"
	WebhookRotated   Action = "webhook_rotated" // its secret was replaced
	WebhookOn        Action = "webhook_switched_on"
	WebhookTested    Action = "webhook_tested"
	WebhookResent    Action = "webhook_resent"
	TicketOpened     Action = "ticket_opened"
	UnclaimedOpened  Action = "unclaimed_ticket_opened" // an open ticket, by an agent who does not hold it
	Skipped          Action = "skipped"
	Snoozed          Action = "snoozed"
	Woken            Action = "woken"
	HandedOver       Action = "handed_over"
	Commented        Action = "commented"
	ListShown        Action = "list_shown"
	SearchShown      Action = "search_shown" // a list of one user's tickets
	AuditShown       Action = "audit_shown"
	AccountsShown    Action = "accounts_shown"
	FileSeen         Action = "file_seen"
	Exported         Action = "exported"
	Imported         Action = "imported"
	Erased           Action = "erased"
	RetentionRun     Action = "retention_run" // by a command; what is erased by time is in the history of each ticket
	ArchiveRun       Action = "archive_run"   // by a command
	ArchiveDropped   Action = "archive_dropped"
	HoldAdded        Action = "hold_added"
	HoldRemoved      Action = "hold_removed"
	DecisionUndone   Action = "decision_undone"
	LookOpened       Action = "second_look_opened"
	LookGiven        Action = "second_look_given"
	Approved         Action = "approved"
	Rejected         Action = "rejected"
	Revoked          Action = "revoked"
	Reopened         Action = "reopened"
)

// Actions lists every action.
var Actions = []Action{
	SignedIn, SignInFailed, SignedOut, SessionsEnded, FactorAdded, FactorRemoved, FactorPassed, FactorFailed, RecoveryCodeUsed, PasswordChanged,
	AccountAdded, RoleChanged, AccountDisabled, AccountEnabled, TeamsChanged, AttributesSet, IdentityLinked, IdentityUnlinked, KeyAdded, KeyRevoked, LinkAdded, LinkRevoked, LinkOpened, LinkCodeFailed,
	WebhookAdded, WebhookDeleted, WebhookRotated, WebhookOn, WebhookTested, WebhookResent,
	TicketOpened, UnclaimedOpened, Skipped, Snoozed, Woken, HandedOver, Commented,
	ListShown, SearchShown, AuditShown, AccountsShown, FileSeen, Exported, Imported, Erased, RetentionRun, ArchiveRun, ArchiveDropped, HoldAdded, HoldRemoved, DecisionUndone, LookOpened, LookGiven, Approved, Rejected, Revoked, Reopened,
}

// counts reports whether an action is about a number of things.
func (a Action) counts() bool {
	switch a {
	case SessionsEnded, ListShown, SearchShown, AuditShown, AccountsShown, Exported, Imported, RetentionRun, ArchiveRun, ArchiveDropped:
		return true
	}
	return false
}

// The actors that are no account, key or rule.
const (
	CLI       = "cli"       // a command on the server, whoever ran it
	Anonymous = "anonymous" // somebody who is not signed in
	Provider  = "provider"  // the OpenID Connect provider
)

// Entry is one thing that was done. It has no personal data but the address of the client.
type Entry struct {
	ID        uuid.UUID // when it was read
	At        time.Time // when it was read
	Actor     string    // as ticket.Agent, ticket.User and ticket.Key write it, or CLI, Anonymous or Provider
	Action    Action
	Object    string     // what TicketObject and the like make, or Trail.Email; empty: none
	Count     int64      // how many were shown, ended or erased; of other actions 0
	Client    netip.Addr // not valid: unknown, or removed
	RequestID string     // as in the log; empty: no request
}

// TicketObject is the object of an action on a ticket.
func TicketObject(id uuid.UUID) string { return "ticket:" + id.String() }

// FileObject is the object of an action on a file.
func FileObject(id uuid.UUID) string { return "file:" + id.String() }

// AccountObject is the object of an action on an account.
func AccountObject(id uuid.UUID) string { return "account:" + id.String() }

// UserObject is the object of an action on all that is known of a user.
func UserObject(id string) string { return "user:" + id }

// LinkObject is the object of an action on a submission link.
func LinkObject(id uuid.UUID) string { return "link:" + id.String() }

// KeyObject is the object of an action on an API key.
func KeyObject(name string) string { return "key:" + name }

// WebhookObject is the object of an action on a webhook.
func WebhookObject(id uuid.UUID) string { return "webhook:" + id.String() }
