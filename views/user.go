package views

import "time"

// UserView is what is kept of a user, as admins see it.
type UserView struct {
	UserID                      string
	Email                       string // of the account; empty without one
	Staff                       bool   // the account is that of an agent or admin
	Tickets, ErasedTickets      int
	Files, Drafts, Links        int
	Hold                        HoldView
	Reasons                     []string // the codes of the reasons for an erasure
	Erasures                    []ErasureView
	Names                       map[string]string // actor → what to show
	Confirm, Reason, HoldReason string            // what was typed
	Asked                       Confirmation
	Invalid                     map[string]string // confirm, reason, hold → message
}

// HoldView is a hold; the zero HoldView is none.
type HoldView struct {
	By, Reason string
	At         time.Time
}

// ErasureView is one erasure of a user.
type ErasureView struct {
	By, Reason string
	At         time.Time
}

// hasData reports whether there is anything to erase.
func (u UserView) hasData() bool { return u.Tickets+u.Files+u.Drafts+u.Links > 0 || u.Email != "" }
