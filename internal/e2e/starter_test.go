package e2e

import (
	"bytes"
	"testing"

	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/form/rules"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// loanApplication is the starter form as a new user would edit it: words are replaced, a field and a rule added.
func loanApplication(t *testing.T) *form.Form {
	t.Helper()
	text, err := formfile.Starter("loan-application")
	if err != nil {
		t.Fatal(err)
	}
	for _, edit := range [][2]string{
		{"title: {en: Ask us something, vi: Gửi yêu cầu cho chúng tôi}", "title: {en: Apply for a loan, vi: Đăng ký vay}"},
		{"{value: order, label: {en: An order, vi: Một đơn hàng}}", "{value: home, label: {en: A home, vi: Mua nhà}}"},
		{"{value: account, label: {en: My account, vi: Tài khoản của tôi}}", "{value: study, label: {en: Studies, vi: Học tập}}"},
		{"What is it about?, vi: Yêu cầu về việc gì?", "What is it for?, vi: Vay để làm gì?"},
		{"      - name: order_number\n        label: {en: Order number, vi: Mã đơn hàng}\n        when: topic == 'order'", "      - name: deposit\n        label: {en: Deposit account, vi: Tài khoản ký quỹ}\n        when: topic == 'home'"},
		{"A photo of it, vi: Ảnh chụp", "A photo of the house, vi: Ảnh chụp nhà"},
		{"when: topic == 'order'", "when: topic == 'home'\n        required: true"},
		{"max: 10000\n", "max: 1000000\n        required: true\n"},
		{"type: date #", "type: date\n        required: true #"},
		{"label: We do not understand it", "label: Photo does not show the house"},
		{"fields: [message]", "fields: [photo]"},
		{"en: Please tell us a little more about what you need.", "en: Please send a photo of the whole house."},
		{"vi: Bạn hãy cho chúng tôi biết rõ hơn bạn cần gì.", "vi: Bạn hãy gửi ảnh chụp toàn bộ ngôi nhà."},
		{"\n# \"docket rules test FILE\"", "  - {name: small, when: amount <= 100, decide: approve}\n\n# \"docket rules test FILE\""},
	} {
		if !bytes.Contains(text, []byte(edit[0])) {
			t.Fatalf("the starter lacks %q", edit[0])
		}
		text = bytes.Replace(text, []byte(edit[0]), []byte(edit[1]), 1)
	}
	f, err := formfile.Parse(append(text, "  - {name: a little, today: 2026-03-04, answers: {amount: 100}, expect: approve}\n"...))
	if err != nil {
		t.Fatal(err)
	}
	for _, example := range f.Examples {
		if difference := rules.CheckExample(t.Context(), f, example); difference != "" {
			t.Errorf("%s: %s", example.Name, difference)
		}
	}
	return f
}

// fillLoan fills in what a loan asks of everybody.
func (p *page) fillLoan(name, purpose, born, amount string) {
	p.t.Helper()
	p.visit("/tickets/new")
	p.fill("Full name", name)
	p.fill("E-mail address", "linh@example.org")
	p.fillDate("Date of birth", born)
	p.tick(purpose)
	p.fill("Amount", amount)
	p.tick("I agree that you use these answers to help me")
}

func TestStarter_EditedForm(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, loanApplication(t), 1, testdb.New(t))
	p, _ := openAsCustomer(t, s, "linh", phone)
	p.fillLoan("Linh", "A home", "1990-01-31", "50000")
	p.fill("Deposit account", "123456")
	p.pick("photo", "house.jpg", photo())
	p.seePhoto("photo")
	p.expectStatus(422)
	p.press("Send")
	p.seeMessage("Deposit account", "such as AB-123456")
	p.seePhoto("photo")
	p.fill("Deposit account", "AB-123456")
	p.press("Send")
	p.seeHeading("In review")

	agent := openAsAgent(t, s, "agent")
	agent.press("Take next N")
	agent.must(agent.expect.Locator(agent.GetByAltText("A photo of the house")).ToBeVisible(), "see the photo")
	agent.keys("r")
	agent.tick("Photo does not show the house")
	agent.press("Reject")
	agent.seeText("Rejected: ")
	_, err := p.Reload()
	p.must(err, "look again")
	p.seeText("Please send a photo of the whole house.")

	small, _ := openAsCustomer(t, s, "an")
	small.fillLoan("An", "Studies", "1990-01-31", "100")
	small.press("Send")
	small.seeText("Your request is approved.")
	small.press("Tiếng Việt")
	small.seeText("Yêu cầu của bạn đã được chấp thuận.")

	child, _ := openAsCustomer(t, s, "kim")
	child.fillLoan("Kim", "Studies", "2015-01-31", "500")
	child.press("Send")
	child.seeText("You have to be 18 years old for this.")
	child.shot("rejected-by-rule-en")
	child.press("Tiếng Việt")
	child.shot("rejected-by-rule-vi")
	child.seeText("Bạn phải đủ 18 tuổi.")
}
