package demo

import (
	"context"
	"image"
	"maps"
	"net/url"
	"strings"
	"time"

	"docket/internal/testkit/testpicture"
)

// ApprovedUser is a user who has an approved ticket in the demo.
const ApprovedUser = "demo-1"

// person is a user with an identity document.
type person struct {
	userID   string
	holder   testpicture.Holder
	typed    map[string]any // answers besides those that the document has
	attempts []attempt
}

// attempt is one submission: how its front photo looks, and what happens to the ticket.
type attempt struct {
	spoil func(*image.RGBA) *image.RGBA // nil: the photo is good
	then  action                        // nil: the ticket stays open
}

// action does something with a ticket.
type action func(ctx context.Context, c *client, id string) error

// demoPeople are the users of the demo. The first two tickets belong to the customers' accounts.
func demoPeople(site Site) []person {
	first, second := site.Agents[0], site.Agents[1]
	bo := newHolder("BERG", "BO", "C01X00T47", "01 FEB 1990")
	return []person{
		{userID: site.Customers[0].UserID, holder: newHolder("TRAN", "MINH ANH", "B7204418", "09 MAR 1996"), typed: passportOf("VNM", "1996-03-09"), attempts: []attempt{
			{then: withdrawBy(site.Customers[0])},
		}},
		{userID: site.Customers[1].UserID, holder: newHolder("LE", "THU HA", "B9120577", "30 NOV 1988"), typed: passportOf("VNM", "1988-11-30"), attempts: []attempt{
			{spoil: blurPhoto, then: rejectBy(first, "image_blurry", "")},
		}},
		{userID: ApprovedUser, holder: newHolder("SILVA", "RAQUEL", "P482193", "17 JUL 1983"), typed: passportOf("PRT", "1983-07-17"), attempts: []attempt{
			{then: approveBy(first, "Compared with the register.")},
		}},
		{userID: "demo-2", holder: newHolder("OKAFOR", "CHIDI", "A11920483", "04 APR 1979"), typed: passportOf("NGA", "1979-04-04"), attempts: []attempt{
			{spoil: reflectLamp, then: rejectBy(second, "image_glare", "")},
			{},
		}},
		{userID: "demo-3", holder: bo, typed: passportOf("SWE", "1990-02-01"), attempts: []attempt{
			{then: claimBy(second)},
		}},
		{userID: "demo-4", holder: newHolder("MORI", "AIKO", "TK3389120", "22 DEC 2000"), typed: cardOf("JPN", "2000-12-22"), attempts: []attempt{
			{spoil: darkenPhoto},
		}},
		{userID: "demo-5", holder: bo, typed: passportOf("SWE", "1990-02-01"), attempts: []attempt{{}}}, // the document of demo-3
		{userID: "demo-6", holder: newHolder("DUBOIS", "LEA", "20CV77120", "14 SEP 2015"), typed: passportOf("FRA", "2015-09-14"), attempts: []attempt{
			{}, // too young: a rule rejects it
		}},
		{userID: "demo-7", holder: newHolder("NOVAK", "JAN", "39920114", "06 JAN 1969"), typed: cardOf("CZE", "1969-01-06"), attempts: []attempt{
			{spoil: copyInGrey, then: rejectBy(second, "document_forged", "The seal is missing.")}, // final: no further attempt
		}},
		{userID: "demo-8", holder: newHolder("RAO", "PRIYA", "Z5520193", "19 MAY 1992"), typed: passportOf("IND", "1992-05-19"), attempts: []attempt{
			{spoil: blurPhoto, then: rejectBy(first, "image_blurry", "")},
			{then: approveBy(second, "")},
		}},
		{userID: "demo-9", holder: newHolder("KAYA", "EMRE", "U11873340", "28 AUG 1999"), typed: mistyped(passportOf("TUR", "1999-08-28"), "U11878340"), attempts: []attempt{{}}},
	}
}

// mistyped are answers with another number than the document has.
func mistyped(typed map[string]any, number string) map[string]any {
	typed["document_number"] = number
	return typed
}

func newHolder(surname, given, number, born string) testpicture.Holder {
	return testpicture.Holder{Surname: surname, Given: given, Number: number, Born: born, Expires: strings.ToUpper(expiryDate().Format("02 Jan 2006"))}
}

// expiryDate is the same day for a whole year, so that photos of one document stay the same.
func expiryDate() time.Time {
	return time.Date(time.Now().Year()+4, time.June, 30, 0, 0, 0, 0, time.UTC)
}

func passportOf(country, born string) map[string]any { return documentOf("passport", country, born) }

func cardOf(country, born string) map[string]any { return documentOf("national_id", country, born) }

func documentOf(kind, country, born string) map[string]any {
	return map[string]any{
		"date_of_birth": born, "nationality": country, "document_type": kind, "issuing_country": country,
		"expiry_date": expiryDate().Format(time.DateOnly), "consent": true,
	}
}

// answers are the answers without the photos.
func (p person) answers() map[string]any {
	all := map[string]any{"full_name": titleCase(p.holder.Given + " " + p.holder.Surname), "document_number": p.holder.Number}
	maps.Copy(all, p.typed)
	return all
}

func titleCase(name string) string {
	words := strings.Fields(strings.ToLower(name))
	for i, word := range words {
		words[i] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, " ")
}

func approveBy(agent Login, note string) action {
	return func(ctx context.Context, c *client, id string) error {
		return c.decide(ctx, agent, "/review/"+id, "/approve", url.Values{"version": {"1"}, "note": {note}})
	}
}

func rejectBy(agent Login, reason, note string) action {
	return func(ctx context.Context, c *client, id string) error {
		return c.decide(ctx, agent, "/review/"+id, "/reject", url.Values{"version": {"1"}, "reason": {reason}, "note": {note}})
	}
}

// decide decides a ticket by its page, without the time in which that could be undone.
func (c *client) decide(ctx context.Context, agent Login, page, decision string, values url.Values) error {
	if err := c.postPage(ctx, agent, page+decision, values); err != nil {
		return err
	}
	return c.postPage(ctx, agent, page+"/send", nil)
}

func claimBy(agent Login) action {
	return func(ctx context.Context, c *client, id string) error {
		return c.postPage(ctx, agent, "/review/"+id+"/claim", nil)
	}
}

func withdrawBy(owner Login) action {
	return func(ctx context.Context, c *client, id string) error {
		return c.postPage(ctx, owner, "/tickets/"+id+"/withdraw", nil)
	}
}
