package e2e

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

func TestUpload_FileChangedAfterChosen(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(path string) error{
		"removed": os.Remove,
		"changed": func(path string) error {
			later := time.Now().Add(time.Hour)
			return os.Chtimes(path, later, later)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := testsite.Start(t, photoForm(t), 1, testdb.New(t))
			p, _ := openAsCustomer(t, s, "customer", phone)
			p.visit("/tickets/new")
			path := filepath.Join(t.TempDir(), "front.jpg")
			p.must(os.WriteFile(path, photo(), 0o600), "write a photo")
			p.must(p.Context().SetOffline(true), "cut the connection")
			p.must(p.Locator("#field-front").SetInputFiles(path), "choose the photo")
			p.seeText("No connection. Nothing is lost: it will be sent as soon as there is one.")
			p.must(change(path), "%s the photo", name)
			p.must(p.Context().SetOffline(false), "restore the connection")
			p.seeText("Choose it again.")
			p.must(p.expect.Locator(p.Locator("#field-front")).ToHaveValue(""), "have no file chosen")
			p.problems() // the browser reports the lost connection, and the file that it cannot read
			p.pick("front", "front.jpg", photo())
			p.seePhoto("front")
		})
	}
}
