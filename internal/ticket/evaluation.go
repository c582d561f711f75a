package ticket

// Evaluation is what the rules of the form say of a submission. The zero Evaluation leaves it to people.
type Evaluation struct {
	Verdicts []Verdict // of each rule that says something
	Decision Decision  // of the rule that decides; zero when none does
}

// Verdict is what one rule says of a submission.
type Verdict struct {
	Rule    string
	Hash    string // of the text of the rule
	Shadow  bool   // the rule is only recorded, and decides nothing
	Outcome Outcome
	Reason  string // code of the reason to reject for
}

// Outcome is the result of a rule for a submission.
type Outcome string

// The outcomes. OutcomeNothing: the rule does not hold. OutcomeFailed: it could not be evaluated.
const (
	OutcomeApprove Outcome = "approve"
	OutcomeReject  Outcome = "reject"
	OutcomeNothing Outcome = "nothing"
	OutcomeFailed  Outcome = "failed"
)

// Outcomes lists every outcome.
var Outcomes = []Outcome{OutcomeApprove, OutcomeReject, OutcomeNothing, OutcomeFailed}

// StatusCounts is how many tickets of a user there are in each status.
type StatusCounts map[Status]int

// Others are the tickets beside a new one that rules ask about.
type Others struct {
	Counts     StatusCounts       // of the same user
	Windows    map[string]float64 // what was found in each Window, by its name; nothing for 0
	SamePerson int                // how many other users have a ticket with an identity of the new one
}
