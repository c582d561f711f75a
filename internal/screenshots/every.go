package main

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/playwright-community/playwright-go"

	"docket/internal/testkit/testpicture"
)

// everyForm is a form with every kind of field, and the files beside it.
//
//go:embed every
var everyForm embed.FS

// startEvery starts docket with the form that has every kind of field.
func startEvery(ctx context.Context, binary string) (*site, error) {
	dir, err := os.MkdirTemp("", "docket-screenshots-")
	if err != nil {
		return nil, err
	}
	if err := os.CopyFS(dir, everyForm); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return startDev(ctx, binary, dir, "--form", everyFile(dir))
}

func everyFile(dir string) string { return filepath.Join(dir, "every", "every.yaml") }

// takeEvery takes the form with every kind of field, and a ticket of it on its way through the steps.
func takeEvery(t *tour) error {
	customer := t.signIn("DEMO_CUSTOMER", "en-GB")
	agent := t.signIn("DEMO_AGENT", "en-GB")
	colleague := t.signIn("DEMO_AGENT_2", "en-GB")
	admin := t.signIn("DEMO_ADMIN", "en-GB")
	takeEveryForm(customer, t.site.env["DEMO_AGENT"])
	ticket := strings.TrimPrefix(customer.path(), "/tickets/")
	if customer.err != nil {
		return customer.err
	}
	takeSteps(agent, colleague, admin, customer, ticket)
	return errors.Join(customer.err, agent.err, colleague.err, admin.err, takeEveryVietnamese(t, ticket), takeBrokenForm(t, admin))
}

// takeEveryForm takes the form empty, with a row more, with mistakes, and filled in, and sends it.
func takeEveryForm(v *visitor, manager string) {
	v.openAndTake("/tickets/new", "every")
	v.addRow("items")
	v.take("every-rows")
	v.fill("returns_on", "2020-01-01")
	v.fill("items.1.count", "none")
	v.fill("deposit.value", "12,345.678")
	v.send("/tickets")
	v.see("[data-invalid]")
	v.take("every-wrong")
	v.fill("full_name", "Anna Maria Eriksson")
	v.fill("manager", manager)
	v.fill("branch", "Zenith")
	v.see("[data-option]")
	v.take("every-search")
	v.do("choose an option", func() error { return v.find("[data-option]").Click() })
	v.fill("starts_on", "2040-04-15")
	v.fill("returns_on", "2040-05-15")
	v.fill("call_at", "09:30")
	v.fill("handed_out_at", "2040-04-15T08:00")
	v.fill("deposit.value", "250")
	for i, row := range []struct{ what, count, price, serial string }{{"Notebook with a rather long name, 16 inches, silver", "1", "1499.90", "C02-77120"}, {"Monitor", "12", "219", "M-1"}} {
		prefix := []string{"items.0.", "items.1."}[i]
		v.fill(prefix+"what", row.what)
		v.fill(prefix+"count", row.count)
		v.fill(prefix+"price", row.price)
		v.fill(prefix+"serial", row.serial)
	}
	v.attach("items.0.picture", testpicture.JPEG(testpicture.Back(testpicture.Anna, 1200), 85))
	v.attach("photo", testpicture.JPEG(testpicture.Front(testpicture.Anna, 1200), 85))
	v.attachSeveral("receipts")
	v.choose("agree", "true")
	v.take("every-filled")
	v.send("/tickets")
	v.wait("/tickets/")
	v.take("every-ticket")
}

func (v *visitor) addRow(group string) {
	v.do("add a row to "+group, func() error {
		_, err := v.page.ExpectResponse("**/tickets/new**", func() error { return v.find("button[name=add-row][value='%s']", group).Click() })
		return err
	})
	v.see("input[name='" + group + ".1.what']")
}

// attachSeveral chooses a photo and a PDF for a field and waits until the server has both.
func (v *visitor) attachSeveral(name string) {
	pdf := append([]byte("%PDF-1.7\n"), append(bytes.Repeat([]byte{' '}, 3000), "\n%%EOF\n"...)...)
	files := []playwright.InputFile{
		{Name: "hotel.jpg", MimeType: "image/jpeg", Buffer: testpicture.JPEG(testpicture.Back(testpicture.Anna, 1200), 85)},
		{Name: "train.pdf", MimeType: "application/pdf", Buffer: pdf},
	}
	v.do("attach "+name, func() error { return v.find("input[type=file][name='%s']", name).SetInputFiles(files) })
	v.see("#field-" + name + "-box li:nth-child(2)")
}

// takeSteps takes a ticket in its two steps, and approved.
func takeSteps(manager, colleague, admin, customer *visitor, ticket string) {
	path := "/review/" + ticket
	manager.openAndTake("/review", "every-queue")
	manager.openAndTake(path, "every-review")
	manager.do("claim the ticket", func() error {
		_, err := manager.page.Evaluate(`path => fetch(path, {method: "POST"})`, path+"/claim")
		return err
	})
	manager.openAndTake(path, "every-review-claimed")
	manager.do("show the picture of a row", func() error { return manager.page.Keyboard().Press("2") })
	manager.choose("reason", "item_unclear")
	manager.see("[name='row']")
	manager.take("every-review-rows")
	manager.open(path)
	colleague.openAndTake(path, "every-review-elsewhere")
	manager.fill("grant-granted.value", "none")
	manager.send("/approve")
	manager.see("[data-invalid]")
	manager.take("every-grant-wrong")
	manager.fill("grant-granted.value", "200")
	manager.fill("grant-condition", "Back by the end of May")
	manager.send("/approve")
	manager.see("#toast form")
	manager.open(path)
	manager.sendNow(".steps")
	customer.openAndTake("/tickets/"+ticket, "every-ticket-step")
	admin.openAndTake(path, "every-review-step")
	admin.send("/approve")
	admin.see("#review .pending")
	admin.sendNow("[data-status=approved]")
	admin.take("every-review-approved")
	customer.openAndTake("/tickets/"+ticket, "every-ticket-approved")
}

// takeEveryVietnamese takes the same pages in Vietnamese.
func takeEveryVietnamese(t *tour, ticket string) error {
	customer := t.signIn("DEMO_CUSTOMER", "vi-VN")
	customer.openAndTake("/tickets/new", "every-vi")
	customer.send("/tickets")
	customer.see("[data-invalid]")
	customer.take("every-wrong-vi")
	customer.openAndTake("/tickets/"+ticket, "every-ticket-vi")
	agent := t.signIn("DEMO_ADMIN", "vi-VN")
	agent.openAndTake("/review/"+ticket, "every-review-vi")
	return errors.Join(customer.err, agent.err)
}

// takeBrokenForm changes the form file: what differs, and what the page says of a file that cannot be read.
func takeBrokenForm(t *tour, admin *visitor) error {
	file := everyFile(t.site.dir)
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	admin.open("/admin/form")
	changed := bytes.Replace(text, []byte("{name: fee,"), []byte("{name: charge,"), 1)
	if err := os.WriteFile(file, bytes.Replace(changed, []byte("max: \"18:00\""), []byte("max: \"17:00\""), 1), 0o644); err != nil {
		return err
	}
	admin.see("[name='charge']")
	admin.take("every-form-preview")
	if err := os.WriteFile(file, bytes.Replace(text, []byte("type: time,"), []byte("typ: time,"), 1), 0o644); err != nil {
		return err
	}
	admin.see(".form-mistakes")
	admin.take("every-form-broken")
	return errors.Join(admin.err, os.WriteFile(file, text, 0o644))
}
