package main

import "strings"

// takeSecondOpinion takes a ticket of which two agents think differently.
func takeSecondOpinion(first, second, admin *visitor) {
	first.openFirst("/review?user=demo-9")
	ticket := first.path()
	first.choose("second", "yes")
	first.send("/approve")
	first.see("#toast form")
	first.open(ticket)
	first.sendNow(".decide .opinions")
	first.take("review-opinion")
	second.openAndTake(ticket, "review-second")
	second.choose("reason", "image_glare")
	second.send("/reject")
	second.see("#toast form")
	second.open(ticket)
	second.sendNow(".decide .opinions")
	admin.openAndTake(ticket, "review-disagreed")
	admin.openAndTake("/review/disagreed", "disagreed")
}

// takeRevoked takes the approval of the customer's ticket back, which is the newest.
func takeRevoked(admin, customer *visitor) {
	admin.openFirst("/review?status=approved")
	admin.do("open the form", func() error { return admin.find(".revoke summary").Click() })
	admin.take("review-revoke")
	admin.pick("reason", "document_forged")
	admin.send("/revoke")
	admin.see("[data-status=revoked]")
	admin.take("review-revoked")
	if admin.err == nil {
		customer.openAndTake("/tickets/"+strings.TrimPrefix(admin.path(), "/review/"), "ticket-revoked")
	}
}

// takeSearch takes what is found, and a ticket of somebody who has another one under another account.
func takeSearch(v *visitor) {
	v.openAndTake("/review?q=berg", "search")
	v.openAndTake("/review?q=nobody", "search-none")
	v.openFirst("/review?user=demo-5")
	v.see(".same-person")
	v.take("review-same-person")
}

// takeBulk takes the queue with tickets chosen, and what becomes of them.
func takeBulk(v *visitor) {
	v.open("/review")
	v.do("choose all", func() error {
		boxes, err := v.page.Locator("[data-choose]").All()
		for _, box := range boxes {
			if err == nil {
				err = element{box}.Check()
			}
		}
		return err
	})
	v.take("queue-chosen")
	v.do("approve what is chosen", func() error { return v.find("#bulk button.approve").Click() })
	v.see("#bulk-results")
	v.take("bulk-results")
}

// openFirst opens the first ticket of a list.
func (v *visitor) openFirst(list string) {
	v.open(list)
	v.do("open the first ticket", func() error { return v.find("table a[href^='/review/']").Click() })
	v.see(".review-layout")
}
