package files

import (
	"io"

	"docket/internal/ticket"
)

// Meter is the body of a form while it arrives. What is read of it, but for its files, counts as memory of its user until Release.
type Meter struct {
	body   io.Reader
	budget *budget
	user   string
	taken  int64
	paused bool
}

// NewMeter meters a body that a user sends.
func (f *Files) NewMeter(userID string, body io.Reader) *Meter {
	return &Meter{body: body, budget: f.memory, user: userID}
}

// Read implements io.Reader. It returns ticket.ErrOverloaded when the user, or all users together, have too much under way.
func (m *Meter) Read(p []byte) (int, error) {
	n, err := m.body.Read(p)
	if m.paused {
		return n, err
	}
	if !m.budget.reserve(m.user, int64(n)) {
		return 0, ticket.ErrOverloaded
	}
	m.taken += int64(n)
	return n, err
}

// Pause makes the meter count nothing, or count again.
func (m *Meter) Pause(paused bool) { m.paused = paused }

// Release gives back what was counted.
func (m *Meter) Release() {
	m.budget.release(m.user, m.taken)
	m.taken = 0
}
