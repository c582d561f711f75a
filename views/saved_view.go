package views

import (
	"net/url"

	"github.com/google/uuid"
)

// SavedView is a filter of the queue under a name.
type SavedView struct {
	ID        uuid.UUID
	Name      string
	Query     string // of the address
	Shared    bool
	Deletable bool // by the agent
	Outdated  bool // it names what the form has no more: its list cannot be shown
}

// SavedViewsPath is where an agent keeps a filter under a name.
const SavedViewsPath = "/review/views"

// DeleteViewPath is where an agent deletes a view.
func DeleteViewPath(id uuid.UUID) string { return SavedViewsPath + "/" + id.String() + "/delete" }

// path is the list that the view shows.
func (v SavedView) path() string { return "/review?" + v.Query }

// keptQuery is the query of the filter without a place in the list.
func (f Filter) keptQuery() string {
	f.Cursor = ""
	return f.query().Encode()
}

// shows reports whether the list is the one of this view.
func (q QueueView) shows(v SavedView) bool {
	kept, err := url.ParseQuery(v.Query)
	return err == nil && kept.Encode() == q.Filter.keptQuery()
}
