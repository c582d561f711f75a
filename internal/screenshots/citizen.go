package main

import (
	"errors"
	"image"
	"strings"

	"docket/internal/testkit/testpicture"
)

// takeCitizen takes what is read of the code of a Vietnamese citizen card, for its holder and for agents, up to the archive.
func takeCitizen(t *tour) error {
	customer := t.newVisitor("vi-VN")
	agent := t.signIn("DEMO_AGENT", "en-GB")
	vietnamese := t.signIn("DEMO_AGENT_2", "vi-VN")
	ticket := submitCitizen(customer)
	if customer.err != nil {
		return customer.err
	}
	agent.openAndTake("/review/"+ticket, "review-citizen")
	vietnamese.openAndTake("/review/"+ticket, "review-citizen-vi")
	rejectName(agent, "/review/"+ticket)
	agent.open("/review/" + ticket)
	agent.sendNow("#review[data-status=rejected]")
	customer.do("wait until the rejection counts", func() error { return customer.reloadUntil("/tickets/"+ticket, "#ticket[data-status=rejected]") })
	withdrawNewer(customer, ticket)
	customer.do("move the tickets to the archive", t.site.moveToArchive)
	customer.openAndTake("/tickets/"+ticket, "ticket-archived")
	vietnamese.openAndTake("/review/"+ticket, "review-archived-vi")
	agent.openAndTake("/review/"+ticket, "review-archived")
	agent.do("list the user's tickets", func() error { return agent.find("a[href^='/review?user=']").Click() })
	agent.see("[data-row]")
	agent.take("queue-archived")
	return errors.Join(customer.err, agent.err, vietnamese.err)
}

// submitCitizen signs up the holder of a card, sends a form in which the name is nearly that of the code, and the sex is not, and returns
// the ticket's id.
func submitCitizen(v *visitor) string {
	card := testpicture.Front(testpicture.Holder{Surname: "NGUYEN", Given: "THI ANH", Number: "001304012345", Born: "05 NOV 2004", Expires: "05 NOV 2044"}, 1600)
	testpicture.WithCode(card, testpicture.VietnameseCard, image.Pt(1100, 200), 300)
	v.open("/signup")
	v.fill("email", "anh@example.com")
	v.fill("password", "twelve letters")
	v.send("/signup")
	v.wait("/tickets")
	v.open("/tickets/new")
	v.choose("document_type", "national_id")
	v.goOn("2")
	v.attach("document_front", testpicture.JPEG(card, 85))
	v.see(".readings")
	v.take("citizen-read")
	v.attach("document_back", testpicture.JPEG(testpicture.Back(testpicture.Anna, 1600), 85))
	v.attach("selfie", testpicture.JPEG(testpicture.Selfie(testpicture.Anna, 1200), 85))
	v.goOn("3")
	v.pick("nationality", "VNM")
	v.pick("issuing_country", "VNM")
	v.do("take what was read", func() error { return v.find("#step-readings button").Click() })
	v.see("input[name=document_number][value='001304012345']")
	v.fill("full_name", testpicture.VietnameseName+" Thư")
	v.pick("sex", "male")
	v.see("[id$='-citizen'] p")
	v.take("citizen-differs")
	v.goOn("4")
	v.goOn("check")
	v.take("citizen-check")
	v.choose("consent", "true")
	v.send("/tickets")
	v.wait("/tickets/")
	return strings.TrimPrefix(v.path(), "/tickets/")
}

// rejectName rejects a ticket because of its name.
func rejectName(v *visitor, path string) {
	v.do("claim the ticket", func() error {
		_, err := v.page.Evaluate(`path => fetch(path, {method: "POST"})`, path+"/claim")
		return err
	})
	v.open(path)
	v.choose("reason", "name_mismatch")
	v.send("/reject")
	v.see("#toast form")
}

// withdrawNewer sends a rejected ticket again and withdraws that.
func withdrawNewer(v *visitor, ticket string) {
	v.openAndTake("/tickets/"+ticket, "ticket-rejected-vi")
	v.openAndTake("/tickets/new", "resubmission-vi")
	v.fill("full_name", testpicture.VietnameseName)
	v.send("/tickets")
	v.wait("/tickets/")
	v.do("open the question", func() error { return v.find("details:has(form[action$='/withdraw']) summary").Click() })
	v.send("/withdraw")
	v.see("[data-status=withdrawn]")
	v.take("ticket-withdrawn-vi")
}
