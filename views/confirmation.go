package views

// Confirmation is what a form of an admin asks for besides.
type Confirmation struct {
	Needed   bool // the password is asked for
	Code     bool // and a code of the second factor
	Provider bool // neither is: the admin shows at the provider who it is
	Problem  ProofProblem
}
