package views

// What was done to one's own account; the texts are account.done.NAME.
const (
	PasswordChanged = "password"
)

// AccountChanges lists what can be done to one's own account.
var AccountChanges = []string{PasswordChanged}

// OwnAccount is one's own account.
type OwnAccount struct {
	Done string // one of AccountChanges; empty: nothing was done just now
}

// PasswordChange is the form to change one's own password: what was wrong.
type PasswordChange struct {
	Required   bool // before anything else can be done
	Next       string
	OldProblem string
	NewProblem string
}

// secretInput is a field for something that is typed and not shown.
type secretInput struct {
	Name         string // also its id
	Label        string
	Autocomplete string
	Help         string
	Problem      string
}
