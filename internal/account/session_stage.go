package account

import "docket/db"

// Stage is what a session still needs before it reaches the pages of its owner.
type Stage string

// The stages.
const (
	Complete      Stage = ""         // nothing
	NeedsPassword Stage = "password" // a new password: an operator has set the one that was used
)

// Session is what a browser's session says of a request. The zero Session is nobody's.
type Session struct {
	Owner Account // who signed in
	Stage Stage

	tokenHash []byte
}

// Account is whom the pages obey: the owner of a complete session, else the zero Account.
func (s Session) Account() Account {
	if s.Stage != Complete {
		return Account{}
	}
	return s.Owner
}

func stageOf(row db.SessionGetRow) Stage {
	if row.MustChangePassword {
		return NeedsPassword
	}
	return Complete
}
