package transfer

import (
	"cmp"
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

var statuses = []string{"processing", "approved", "rejected", "withdrawn", "revoked"}

// complete fills in what a line may leave out.
func (t *Ticket) complete() {
	t.Attempt, t.SubmittedBy, t.SubmissionKey = cmp.Or(t.Attempt, 1), cmp.Or(t.SubmittedBy, "key:import"), cmp.Or(t.SubmissionKey, t.ID.String())
}

// check says what is wrong with a ticket in words for whoever made the line. What it lets pass the database may still refuse.
func (t *Ticket) check(now time.Time) error {
	decided := t.approved() || t.Status == "rejected"
	switch {
	case t.ID == uuid.Nil:
		return errors.New("id is missing")
	case t.UserID == "" || utf8.RuneCountInString(t.UserID) > 128:
		return errors.New("user_id has 1 to 128 characters")
	case !slices.Contains(statuses, t.Status):
		return errors.New("status is processing, approved, rejected, withdrawn or revoked")
	case len(t.Extra) == 0 || t.Extra[0] != '{':
		return errors.New("extra is an object with the answers")
	case (t.Status == "processing") != (t.ClosedMS == 0):
		return errors.New("closed_at_ms is the time of a ticket that is not open, and of no other")
	case decided != (t.DecidedBy != ""):
		return errors.New("decided_by is who approved or rejected, and is missing of no such ticket")
	case (t.Status == "rejected") != (len(t.Reasons) > 0) || t.Status != "rejected" && (t.Class+t.Comment != "" || t.Rows != nil):
		return errors.New("reasons, rows, class and comment are those of a rejected ticket, which has a reason")
	case (t.Status == "revoked") != (t.Revoked != nil):
		return errors.New("revoked is of a ticket with that status, and is missing of none")
	case len(t.Grant) > 0 && (!t.approved() || t.Grant[0] != '{' || t.Erased != nil):
		return errors.New("grant is an object with the answers of an approval")
	case t.ValidUntilMS != 0 && !t.approved() || t.ExpiredMS != 0 && (t.ValidUntilMS == 0 || t.ExpiredMS < t.ValidUntilMS):
		return errors.New("valid_until_ms is the end of an approval, and expired_at_ms is not before it")
	case utf8.RuneCountInString(t.Subject) > 200 || t.Subject != "" && t.Erased != nil:
		return errors.New("subject has 200 characters at most, and none when the ticket was erased")
	case t.Erased != nil && (string(t.Extra) != "{}" || t.Status == "processing"):
		return errors.New("a ticket that was erased is closed and has no answers")
	case t.ByEraser && (t.Status != "withdrawn" || t.Erased == nil || t.BySender):
		return errors.New("withdrawn_by_eraser is of a withdrawn ticket that was erased, and not of one that its sender withdrew")
	}
	return t.checkTimes(now)
}

// checkTimes refuses an order of times that cannot be, and the future.
func (t *Ticket) checkTimes(now time.Time) error {
	times := []int64{t.CreatedMS, max(t.CreatedMS, t.ClosedMS)}
	if t.ClosedMS != 0 && t.ClosedMS < t.CreatedMS {
		return errors.New("closed_at_ms is before created_at_ms")
	}
	if t.ExpiredMS != 0 {
		times = append(times, t.ExpiredMS)
	}
	if t.Revoked != nil {
		times = append(times, t.Revoked.AtMS)
	}
	if t.Erased != nil {
		times = append(times, t.Erased.AtMS)
	}
	if t.CreatedMS <= 0 || !slices.IsSorted(times) || times[len(times)-1] > now.UnixMilli() {
		return errors.New("times are Unix milliseconds, in the order in which things happened, and not in the future")
	}
	return nil
}
