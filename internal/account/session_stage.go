package account

// Stage is what a session still needs before it reaches the pages of its owner.
type Stage string

// The stages.
const (
	Complete      Stage = ""         // nothing
	NeedsCode     Stage = "code"     // a code of the second factor
	NeedsPassword Stage = "password" // a new password: an operator has set the one that was used
	NeedsFactor   Stage = "factor"   // a second factor: the role must have one
)

// Session is what a browser's session says of a request. The zero Session is nobody's.
type Session struct {
	Owner     Account // who signed in
	Stage     Stage
	Factor    bool   // the owner has a second factor
	TimeZone  string // an IANA name; empty: the browser's
	Language  string // a tag; empty: none was chosen
	Confirmed bool   // the owner has shown the password, and a code if there is a factor, in the last ten minutes
	Provider  bool   // the owner signed in at the provider, which asks for a second factor or not

	tokenHash []byte
	begun     *ProviderSession // of a session that is about to begin
}

// Hash names the session in the database. It lets nobody in.
func (s Session) Hash() []byte { return s.tokenHash }

// Account is whom the pages obey: the owner of a complete session, else the zero Account.
func (s Session) Account() Account {
	if s.Stage != Complete {
		return Account{}
	}
	return s.Owner
}

// stageOf is what a session of a role needs next. A code comes first: who has only the password of an account changes nothing of it.
func (s *Sessions) stageOf(role Role, factor, confirmed, mustChange bool) Stage {
	switch {
	case factor && !confirmed:
		return NeedsCode
	case mustChange:
		return NeedsPassword
	case !factor && s.MustHaveFactor(role):
		return NeedsFactor
	}
	return Complete
}

// MustHaveFactor reports whether a role reaches nothing without a second factor.
func (s *Sessions) MustHaveFactor(role Role) bool { return s.staffFactor && role.Reviews() }
