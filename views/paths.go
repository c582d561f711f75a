// Package views is the HTML pages and their fragments, as functions of plain data.
package views

import (
	"maps"
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"docket/internal/ticket"
)

// The addresses that take no argument.
const (
	HomePath          = "/"
	LogoutPath        = "/logout"
	AccountPath       = "/account" // one's own account
	FactorRemovePath  = "/account/factor/remove"
	RecoveryCodesPath = "/account/factor/recovery-codes"
	ZonePath          = "/account/zone" // POST: the time zone of one's own account
	EndSessionPath    = "/account/sessions/end"
	EndSessionsPath   = "/account/sessions/end-others"
	LanguagePath      = "/language" // POST: which language to read
	TicketsPath       = "/tickets"  // GET: one's own tickets; POST: submit one
	NewTicketPath     = "/tickets/new"
	NextPath          = "/review/next"
	AheadPath         = "/review/ahead"
	ReleaseAheadPath  = "/review/ahead/release"
	EventsPath        = "/review/events"
	BulkWorkPath      = "/review/bulk" // POST: work on several tickets; GET: what became of them
	DisagreedPath     = "/review/disagreed"
	ForgotPath        = "/forgot"
	ConfirmAgainPath  = "/confirm"  // POST: send the link that confirms an address again
	MailSentPath      = "/sent"     // says that an e-mail is on its way
	DevMailPath       = "/dev/mail" // the e-mails of docket dev
)

// LoginPath is where one signs in; next is the local address to go to afterwards, or empty.
func LoginPath(next string) string { return withNext("/login", next) }

// SignupPath is where a customer makes an account; next is the local address to go to afterwards, or empty.
func SignupPath(next string) string { return withNext("/signup", next) }

// ProviderPath is where one signs in at the provider; next is as in LoginPath. With again one shows there once more who one is.
func ProviderPath(next string, again bool) string {
	q := queryOf(map[string]string{"next": next})
	if again {
		q.Set("again", "1")
	}
	return withQuery("/oidc/login", q)
}

// CodePath is where one shows a code of the second factor after the password; next is as in LoginPath.
func CodePath(next string) string { return withNext("/login/code", next) }

// FactorPath is where one sets up a second factor; next is the local address to go to afterwards, or empty.
func FactorPath(next string) string { return withNext(AccountPath+"/factor", next) }

// PasswordPath is where one changes one's own password; next is the local address to go to afterwards, or empty.
func PasswordPath(next string) string { return withNext(AccountPath+"/password", next) }

// AccountDonePath is one's own account after a change, and says what was done.
func AccountDonePath(done string) string { return withQuery(AccountPath, url.Values{"done": {done}}) }

// DonePath is where one signs in after a link of an e-mail did what it says: "confirm", "choose" or "reset".
func DonePath(done string) string { return withQuery("/login", url.Values{"done": {done}}) }

// ConfirmPath is where the link with this token confirms an address.
func ConfirmPath(token string) string { return "/confirm/" + url.PathEscape(token) }

// ResetPath is where the link with this token sets a new password.
func ResetPath(token string) string { return "/reset/" + url.PathEscape(token) }

// DevMailMessagePath is one e-mail of docket dev.
func DevMailMessagePath(name string) string { return DevMailPath + "/" + url.PathEscape(name) }

// TicketPath is a ticket as its owner sees it.
func TicketPath(id uuid.UUID) string { return TicketsPath + "/" + id.String() }

// WithdrawPath is where an owner withdraws a ticket.
func WithdrawPath(id uuid.UUID) string { return TicketPath(id) + "/withdraw" }

// FilePath is a file that somebody uploaded.
func FilePath(id string) string { return "/files/" + id }

// PreviewPath is a picture that somebody uploaded, with so many pixels on its longer side.
func PreviewPath(id string, size int) string { return FilePath(id) + "?size=" + strconv.Itoa(size) }

// UploadPath is where a file for this field of the form is sent.
func UploadPath(field string) string { return "/files/" + field }

// ReviewPath is the queue through a filter; the zero Filter is the queue as it opens.
func ReviewPath(f Filter) string { return withQuery("/review", f.query()) }

// RulesPath is how the rules did in the time of a filter; the zero Filter is the last days.
func RulesPath(f Filter) string { return withQuery("/admin/rules", f.query()) }

// ReviewTicketPath is a ticket as an agent sees it.
func ReviewTicketPath(id uuid.UUID) string { return "/review/" + id.String() }

// RevokePath is where an approval is taken back.
func RevokePath(id uuid.UUID) string { return ReviewTicketPath(id) + "/revoke" }

// ReopenPath is where an admin allows a user to submit again after a rejection that closed it.
func ReopenPath(userID string) string { return "/review/users/" + userPart(userID) + "/reopen" }

// UserPath is what is kept of a user, for admins.
func UserPath(userID string) string { return "/admin/users/" + userPart(userID) }

// userPart is a user's id as a part of a page's address. Browsers follow "." and ".." as folders, however they are written: these have a "~"
// before them, as has what would be taken for that.
func userPart(userID string) string {
	if isFolder(strings.TrimLeft(userID, "~")) {
		userID = "~" + userID
	}
	return url.PathEscape(userID)
}

// UserOfPart is the id of the user whom a part of a page's address names.
func UserOfPart(part string) string {
	if marked, found := strings.CutPrefix(part, "~"); found && isFolder(strings.TrimLeft(marked, "~")) {
		return marked
	}
	return part
}

func isFolder(part string) bool { return part == "." || part == ".." }

// ErasePath is where an admin erases all that is known of a user.
func ErasePath(userID string) string { return UserPath(userID) + "/erase" }

// HoldPath is where an admin holds the data of a user.
func HoldPath(userID string) string { return UserPath(userID) + "/hold" }

// EndHoldPath is where an admin ends a hold.
func EndHoldPath(userID string) string { return UserPath(userID) + "/end-hold" }

// ApprovePath is where an agent approves a ticket.
func ApprovePath(id uuid.UUID) string { return ReviewTicketPath(id) + "/approve" }

// RejectPath is where an agent rejects a ticket.
func RejectPath(id uuid.UUID) string { return ReviewTicketPath(id) + "/reject" }

// UndoPath is where an agent takes back their pending decision.
func UndoPath(id uuid.UUID) string { return ReviewTicketPath(id) + "/undo" }

// SendNowPath is where an agent makes their pending decision before it is due.
func SendNowPath(id uuid.UUID) string { return ReviewTicketPath(id) + "/send" }

// The addresses for what an agent does with a ticket beside deciding it.

// SkipPath is where an agent lets go of a ticket and takes the next one.
func SkipPath(id uuid.UUID) string { return ReviewTicketPath(id) + "/skip" }

// SnoozePath is where an agent takes a ticket out of the queue for a time.
func SnoozePath(id uuid.UUID) string { return ReviewTicketPath(id) + "/snooze" }

// WakePath is where an agent puts a snoozed ticket back into the queue.
func WakePath(id uuid.UUID) string { return ReviewTicketPath(id) + "/wake" }

// HandOverPath is where an agent gives a ticket to a colleague or a team.
func HandOverPath(id uuid.UUID) string { return ReviewTicketPath(id) + "/handover" }

// CommentPath is where an agent comments on a ticket.
func CommentPath(id uuid.UUID) string { return ReviewTicketPath(id) + "/comment" }

// StatePath is who works on a ticket now, as a part of its page, which shows a version, for an agent who came from a list.
func StatePath(id uuid.UUID, version int64, list string) string {
	return withQuery(ReviewTicketPath(id)+"/state", queryOf(map[string]string{"seen": strconv.FormatInt(version, 10), "list": list}))
}

// TicketEventsPath is the stream that says that somebody else works on a ticket or looks at it.
func TicketEventsPath(id uuid.UUID) string {
	return withQuery(EventsPath, url.Values{"ticket": {id.String()}})
}

// ClaimPath is where an agent takes hold of a ticket.
func ClaimPath(id uuid.UUID) string { return ReviewTicketPath(id) + "/claim" }

// ReleasePath is where an agent gives up the claim on a ticket.
func ReleasePath(id uuid.UUID) string { return ReviewTicketPath(id) + "/release" }

func (f Filter) query() url.Values {
	q := queryOf(map[string]string{
		"from": f.From, "to": f.To, "user": f.User, "tab": string(f.Tab), "queue": f.Queue, "q": f.Search, "sort": f.Sort, "cursor": f.Cursor,
	})
	if f.Status != "" && (f.Status != ticket.Processing || f.User != "") { // of a user all are listed unless one is named
		q.Set("status", string(f.Status))
	}
	maps.Copy(q, f.Where.query())
	for _, name := range f.Columns {
		q.Set(ColumnPrefix+name, ColumnShown)
	}
	if f.Limit != 0 && f.Limit != DefaultLimit {
		q.Set("limit", strconv.Itoa(f.Limit))
	}
	return q
}

// queryOf is a query of those texts that are not empty, by name.
func queryOf(texts map[string]string) url.Values {
	q := url.Values{}
	for name, text := range texts {
		if text != "" {
			q.Set(name, text)
		}
	}
	return q
}

func withNext(path, next string) string {
	return withQuery(path, queryOf(map[string]string{"next": next}))
}

func withQuery(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// After is what an agent did before they were led on, which the page then says, and the list that they work on.
type After struct {
	Ticket uuid.UUID // that was decided, skipped, snoozed, …; zero: none
	Done   string    // what was done with it; empty: it was decided
	List   string    // the query of the list; empty: the queue as it opens
}

// TicketListPath is a ticket as an agent sees it who came from a list.
func TicketListPath(id uuid.UUID, list string) string {
	return NextTicketPath(id, After{List: list})
}

// NextTicketPath is the ticket that comes after something that was done.
func NextTicketPath(id uuid.UUID, a After) string {
	return withQuery(ReviewTicketPath(id), a.add(queryOf(map[string]string{"list": a.List})))
}

// ListPath is the list that an agent came from.
func ListPath(a After) string { return withQuery("/review", a.add(a.listQuery())) }

// EmptyQueuePath is the list that an agent came from, when no ticket of it is left to take.
func EmptyQueuePath(a After) string {
	q := a.listQuery()
	q.Set("left", "none")
	return withQuery("/review", a.add(q))
}

// HeldPath is the list of the tickets that an agent holds who asked for one more.
func HeldPath(a After) string {
	return withQuery("/review", a.add(url.Values{"tab": {string(ticket.Mine)}, "left": {"held"}}))
}

func (a After) listQuery() url.Values {
	q, err := url.ParseQuery(a.List)
	if err != nil {
		return url.Values{}
	}
	return q
}

// add adds what was done to a query.
func (a After) add(q url.Values) url.Values {
	if a.Ticket != uuid.Nil {
		q.Set("decided", a.Ticket.String())
	}
	if a.Done != "" {
		q.Set("done", a.Done)
	}
	return q
}

// list is the query of the list of a filter, from its beginning; empty when that is the queue as it opens.
func (f Filter) list() string {
	f.Cursor = ""
	return f.query().Encode()
}
