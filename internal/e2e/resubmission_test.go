package e2e

import (
	"net/http"
	"testing"

	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testpicture"
	"docket/internal/testkit/testsite"
)

const resubmissionForm = `name: again
languages: [en, vi]
title: {en: Identity verification, vi: Xác minh danh tính}
open_tickets_per_user: one
layout: page
list: [full_name]
sections:
  - title: {en: About you, vi: Về bạn}
    fields:
      - {name: full_name, label: {en: Full name, vi: Họ và tên}, type: text, required: true}
      - {name: date_of_birth, label: {en: Date of birth, vi: Ngày sinh}, type: date, required: true}
      - {name: address, label: {en: Address, vi: Địa chỉ}, type: long_text, required: true}
  - title: {en: Your document, vi: Giấy tờ của bạn}
    fields:
      - {name: kind, label: {en: Type of document, vi: Loại giấy tờ}, type: choice, required: true, options: [{value: passport, label: {en: Passport, vi: Hộ chiếu}}, {value: card, label: {en: Identity card, vi: Căn cước}}]}
      - {name: front, label: {en: Front of the document, vi: Mặt trước giấy tờ}, type: image, required: true}
      - {name: back, label: {en: Back of the document, vi: Mặt sau giấy tờ}, type: image, required: true, when: kind == 'card'}
      - {name: selfie, label: {en: Photo of your face, vi: Ảnh khuôn mặt}, type: image, required: true, capture: user}
reasons:
  - {code: image_blurry, label: Front blurry, class: retry, fields: [front], text: {en: The photo of the front is blurred. Please take it again and hold still., vi: Ảnh mặt trước bị mờ. Bạn hãy giữ yên tay và chụp lại.}}
  - {code: wrong_kind, label: Another type of document, class: retry, fields: [kind], text: {en: Your document is of another type than the one you chose. Please choose the right one., vi: Loại giấy tờ không đúng. Bạn hãy chọn lại.}}
`

// submitThreePhotos starts a system and submits a ticket with three photos as a customer.
func submitThreePhotos(t *testing.T, options ...option) (s *testsite.Site, p *page) {
	t.Helper()
	f, err := formfile.Parse([]byte(resubmissionForm))
	if err != nil {
		t.Fatal(err)
	}
	s = testsite.Start(t, f, 1, testdb.New(t))
	p, _ = openAsCustomer(t, s, "customer", options...)
	p.visit("/tickets/new")
	p.fill("Full name", "Anna Maria Eriksson")
	p.fill("Date of birth", "1974-08-12")
	p.fill("Address", "12 Harbour Street\nZenith")
	p.tick("Identity card")
	p.pick("front", "front.jpg", blurred())
	p.pick("back", "back.jpg", testpicture.JPEG(testpicture.Back(testpicture.Anna, 1200), 85))
	p.pick("selfie", "selfie.jpg", testpicture.JPEG(testpicture.Selfie(testpicture.Anna, 1200), 85))
	p.press("Send")
	p.seeHeading("In review")
	return s, p
}

// mismatchReason is the built-in reason that points at the name.
func mismatchReason() form.Reason {
	reason, _ := formfile.Default().Reason("name_mismatch")
	return reason
}

// resubmitName corrects the name of a rejected ticket, which is all that is asked.
func (p *page) resubmitName() {
	p.t.Helper()
	p.follow("Fix and send again")
	p.fill("Full name", "Nguyễn Văn An")
	p.press(formfile.Default().Submit)
	p.seeHeading("In review")
}

func TestResubmission_OneRejectedPhoto(t *testing.T) {
	t.Parallel()
	s, p := submitThreePhotos(t, phone)
	agent := openAsAgent(t, s, "agent")
	agent.press("Take next N")
	agent.tick("Front blurry")
	agent.press("Reject")
	agent.seeText("Rejected: Anna Maria Eriksson")
	_, err := p.Evaluate(`document.dispatchEvent(new Event("visibilitychange"))`) // as when somebody comes back to it; else it asks from time to time
	p.must(err, "look at the page again")
	p.seeHeading("We need another photo: Front of the document")
	p.look("again-rejected")
	p.seeText("Everything else stays as you sent it.")
	p.follow("Take the photo again")
	p.seeText("This one was refused.")
	p.seeText("The photo of the front is blurred.")
	p.look("again")
	for field, want := range map[string]int{"front": 1, "back": 0, "selfie": 0, "full_name": 0} {
		p.must(p.expect.Locator(p.Locator("[name="+field+"]")).ToHaveCount(want), "see %d inputs for %s", want, field)
	}
	p.expectStatus(422)
	p.press("Send")
	p.seeText("Add “Front of the document”")
	p.look("again-missing")
	p.pick("front", "front.jpg", photo())
	p.seePhoto("front")
	p.look("again-filled")
	p.press("Send")
	p.seeHeading("In review")
	p.must(p.expect.Locator(p.Locator(".pictures img")).ToHaveCount(3), "see three photos")

	agent.visit("/review")
	agent.press("Take next N")
	agent.seeText("Attempt 2 of 9")
	agent.must(agent.expect.Locator(agent.Locator("[data-changed]")).ToHaveCount(1), "see one change")
	agent.look("again-review")
	agent.press("Approve A")
	agent.seeText("Approved: Anna Maria Eriksson")
	p.visit("/tickets")
	p.seeText("Approved")
}

func TestResubmission_SameFileIsNotChanged(t *testing.T) {
	t.Parallel()
	s, p := submitThreePhotos(t)
	agent := openAsAgent(t, s, "agent")
	agent.press("Take next N")
	for _, attempt := range []struct {
		photo []byte
		same  bool
		says  string
	}{
		{blurred(), true, "Attempt 2: Front blurry → Front of the document not changed"},
		{photo(), false, "Attempt 3: Front blurry → Front of the document changed"},
	} {
		agent.tick("Front blurry")
		agent.press("Reject")
		agent.seeText("Rejected: Anna Maria Eriksson")
		p.Reload()
		p.follow("Take the photo again")
		p.pick("front", "front.jpg", attempt.photo)
		p.seePhoto("front")
		if attempt.same {
			p.seeText("this is the same photo that was refused")
			p.expectStatus(http.StatusUnprocessableEntity)
			p.press("Send")
			p.seeHeading("What was refused is still the same")
			p.look("form-unchanged")
		}
		p.press("Send")
		p.seeHeading("In review")
		agent.visit("/review")
		agent.press("Take next N")
		agent.must(agent.expect.Locator(agent.Locator(".previous summary")).ToHaveText(attempt.says), "see what has changed")
		agent.look("again-attempts")
	}
}

func TestResubmission_WholeFormIsPrefilled(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]option{"script": {desktop, dark}, "no script": {noScript, phone}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSite(t)
			p, _ := openAsCustomer(t, s, "customer", options...)
			p.submit()
			agent := openAsAgent(t, s, "agent")
			agent.press("Take next N")
			agent.tick(mismatchReason().Label)
			agent.press("Reject")
			agent.seeText("Rejected: Nguyễn Văn A")
			p.Reload()
			p.follow("Fix and send again")
			p.fill("Full name", "Nguyễn Văn An")
			p.shot("again-name")
			p.press("Change something else, too")
			p.seeValue("Year", "1990")
			p.seeValue("Full name", "Nguyễn Văn An")
			p.press(formfile.Default().Submit)
			p.seeHeading("In review")
		})
	}
}
