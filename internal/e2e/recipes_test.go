package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"docket/internal/app"
	"docket/internal/form/formfile"
	"docket/internal/form/starter"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// startRecipe runs a site with a form that "docket form new" writes. Decisions are made at once.
func startRecipe(t *testing.T, from string) *testsite.Site {
	t.Helper()
	text, err := starter.Text("my-"+from, from, "en")
	if err != nil {
		t.Fatal(err)
	}
	f, err := formfile.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return testsite.StartWith(t, testdb.New(t), app.Config{Form: f, Undo: new(time.Duration)})
}

// dayFrom is a day from today on, as a date field takes it.
func dayFrom(days int) string { return time.Now().UTC().AddDate(0, 0, days).Format(time.DateOnly) }

// approveNext has an agent approve the ticket that comes next, with these answers of the approval by their labels.
func approveNext(t *testing.T, s *testsite.Site, asked map[string]string) {
	t.Helper()
	agent := openAsAgent(t, s, "agent")
	agent.press("Take next N")
	for label, answer := range asked {
		agent.fill(label, answer)
	}
	agent.press("Approve A")
	agent.seeText("Approved: ")
}

// joinTeam adds the agent with an address to a team.
func joinTeam(t *testing.T, s *testsite.Site, team, email string) {
	t.Helper()
	if _, err := s.Instances[0].Primary.Exec(t.Context(), "INSERT INTO team_members (team, account_id) SELECT $1, id FROM accounts WHERE email = $2", team, email); err != nil {
		t.Fatal(err)
	}
}

// seeApproved looks the user up as another system does, and compares what it has under "extra" or "grant".
func seeApproved(t *testing.T, s *testsite.Site, user, under string, answers map[string]any) {
	t.Helper()
	latest := latestApproved(t, s, user)
	found, _ := latest[under].(map[string]any)
	for name, want := range answers {
		if fmt.Sprint(found[name]) != fmt.Sprint(want) {
			t.Errorf("the look-up has %s %v, want %v in %v", name, found[name], want, latest)
		}
	}
}

func TestRecipe_Refund(t *testing.T) {
	t.Parallel()
	s := startRecipe(t, "refund")
	p, user := openAsCustomer(t, s, "customer", phone)
	p.visit("/tickets/new")
	p.fill("Order number", "AB-123456")
	p.fill("Date of purchase", dayFrom(-3))
	p.fill("What is it?", "A lamp")
	p.fill("Amount to refund", "80.50")
	p.pick("receipt", "receipt.jpg", photo())
	p.seePhoto("receipt")
	p.tick("It arrived damaged")
	p.pick("photo", "damage.jpg", photo())
	p.seePhoto("photo")
	p.fill("Your bank account (IBAN)", "DE89 3704 0044 0532 0130 00")
	p.fill("E-mail address", "an@example.org")
	p.tick("I accept the terms of refunds")
	p.press("Ask for a refund")
	p.seeHeading("In review")
	approveNext(t, s, map[string]string{"Amount refunded": "60.50"})
	seeApproved(t, s, user, "grant", map[string]any{"amount_granted": map[string]any{"amount": 6050, "currency": "EUR"}})
	seeApproved(t, s, user, "extra", map[string]any{"amount": map[string]any{"amount": 8050, "currency": "EUR"}, "account": "DE89370400440532013000", "reason": "damaged"})
	latest := latestApproved(t, s, user)
	if items := fmt.Sprint(latest["extra"].(map[string]any)["items"]); !strings.Contains(items, "A lamp") {
		t.Errorf("the look-up has the items %s", items)
	}
}

func TestRecipe_Access(t *testing.T) {
	t.Parallel()
	s := startRecipe(t, "access")
	p, user := openAsCustomer(t, s, "customer")
	p.visit("/tickets/new")
	p.tick("Payroll")
	p.tick("Read and change")
	p.fill("What do you need it for?", "Salaries of the new office.")
	p.fill("From", dayFrom(2))
	p.fill("Until", dayFrom(1))
	p.fill("Your manager's e-mail address", "Boss@example.com")
	p.seeMessage("Until", "The end must not be before the start") // as soon as it is left
	p.tick("I have done the training on personal data")
	p.expectStatus(422)
	p.press("Ask for access")
	p.seeText("Please look at 1 answer again")
	p.seeMessage("Until", "The end must not be before the start")
	p.fill("Until", dayFrom(90))
	p.press("Ask for access")
	p.seeHeading("In review")
	p.seeText("Step 1 of 2: Your manager, waiting since")
	boss, security := openAsAgent(t, s, "boss"), openAsAgent(t, s, "security")
	joinTeam(t, s, "security", "security@example.com")
	security.press("Take next N")
	security.seeText("No ticket is waiting that you can take.")
	boss.press("Take next N")
	boss.press("Approve A")
	boss.seeText("Nothing is waiting.")
	if latestApproved(t, s, user) != nil {
		t.Error("the manager's step is the approval")
	}
	p.visit(p.URL())
	p.seeText("Step 2 of 2: Security, waiting since")
	security.press("Take next N")
	security.press("Approve A")
	security.seeText("Approved: ")
	seeApproved(t, s, user, "grant", map[string]any{"role": "write"})
	if latestApproved(t, s, user, "?for=payroll")["subject"] != "payroll" || latestApproved(t, s, user, "?for=crm") != nil {
		t.Error("the look-up does not tell payroll from CRM")
	}
	seeApproved(t, s, user, "extra", map[string]any{"system": "payroll", "role": "write", "until": dayFrom(90)})
}

func TestRecipe_Merchant(t *testing.T) {
	t.Parallel()
	s := startRecipe(t, "merchant")
	p, user := openAsCustomer(t, s, "customer")
	p.visit("/tickets/new")
	p.fill("Name in the register", "Hương Sen Ltd")
	p.tick("Sole trader")
	p.choose("Country", "Vietnam")
	p.tick("Goods")
	p.press("Continue")
	p.seeHeading("Who owns it")
	p.fill("Full name", "Nguyễn Văn A")
	p.fill("Date of birth", "1980-05-06")
	p.fill("Share in percent", "100")
	p.pick("owners-0-passport", "passport.jpg", photo())
	p.seePhoto("owners-0-passport")
	p.press("Continue")
	p.seeHeading("Where your money goes")
	p.fill("Bank account (IBAN)", "DE89370400440532013000")
	p.fill("E-mail address for questions", "an@example.org")
	p.tick("I may sign for this company")
	p.press("Continue")
	p.seeText("Owner 1")
	p.press("Apply")
	p.seeHeading("In review")
	approveNext(t, s, map[string]string{"Paid out in a month at most": "5000"})
	seeApproved(t, s, user, "grant", map[string]any{"monthly_limit": map[string]any{"amount": 500000, "currency": "EUR"}})
	seeApproved(t, s, user, "extra", map[string]any{"company_name": "Hương Sen Ltd", "country": "VNM"})
}

func TestRecipe_Leave(t *testing.T) {
	t.Parallel()
	s := startRecipe(t, "leave")
	short, user := openAsCustomer(t, s, "short")
	short.visit("/tickets/new")
	short.tick("Annual leave")
	short.fill("First day", dayFrom(20))
	short.fill("Last day", dayFrom(21))
	short.fill("Who does your work meanwhile? (optional)", "Linh")
	short.fill("Your manager's e-mail address", "agent@example.com")
	short.press("Ask for leave")
	short.seeText("Your leave is approved.")
	seeApproved(t, s, user, "extra", map[string]any{"kind": "annual", "start": dayFrom(20)})

	long, user := openAsCustomer(t, s, "long", phone)
	long.visit("/tickets/new")
	long.tick("Annual leave")
	long.fill("First day", dayFrom(20))
	long.fill("Last day", dayFrom(40))
	long.fill("Who does your work meanwhile? (optional)", "Linh")
	long.fill("Your manager's e-mail address", "agent@example.com")
	long.press("Ask for leave")
	long.seeHeading("In review")
	long.seeText("Step 1 of 1: Your manager, waiting since")
	approveNext(t, s, nil)
	seeApproved(t, s, user, "extra", map[string]any{"kind": "annual", "until": dayFrom(40)})
}

func TestRecipe_KYC(t *testing.T) {
	t.Parallel()
	s := startRecipe(t, "kyc")
	p, user := openAsCustomer(t, s, "customer", phone)
	p.visit("/tickets/new")
	p.seeHeading("Your document")
	p.tick("Passport")
	p.press("Continue")
	p.seeHeading("Photos")
	p.pick("document_front", "front.jpg", photo())
	p.seePhoto("document_front")
	p.pick("selfie", "selfie.jpg", photo())
	p.seePhoto("selfie")
	p.press("Continue")
	p.seeHeading("About you")
	p.fill("Full name, as in your document", "Nguyễn Văn A")
	p.fillDate("Date of birth", "1990-01-31")
	p.choose("Nationality", "Vietnam")
	p.fill("Number", "B1234567")
	p.fill("Date of expiry", dayFrom(900))
	p.press("Continue")
	p.seeHeading("Check your answers")
	p.tick("I agree that you use this to confirm who I am")
	p.press("Send for review")
	p.seeHeading("In review")
	approveNext(t, s, nil)
	p.visit(p.URL())
	p.seeText("Your identity is confirmed.")
	seeApproved(t, s, user, "extra", map[string]any{"full_name": "Nguyễn Văn A", "document_number": "B1234567"})
}
