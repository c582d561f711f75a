package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// TestOptions_Search finds an option among those of a file by words of its label, with the keyboard alone.
func TestOptions_Search(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, text := range map[string]string{
		"branches.csv": "value,label\nHN-1,Chi nhánh Hà Nội\nDN-2,Chi nhánh Đà Nẵng\nHP-3,Kho Hải Phòng\n",
		"form.yaml":    "name: x\ntitle: Branches\nfields:\n  - {name: branch, label: Branch, type: choice, options_from: branches.csv, required: true}\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f, err := formfile.Load(filepath.Join(folder, "form.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	p, _ := openAsCustomer(t, testsite.Start(t, f, 1, testdb.New(t)), "anna")
	p.visit("/tickets/new")
	p.fill("Branch", "chi nhanh")
	p.seeText("Chi nhánh Đà Nẵng")
	p.look("options-found")
	p.keys("ArrowDown", "ArrowDown", "Enter")
	p.seeValue("Branch", "DN-2")
	p.seeText("Chi nhánh Đà Nẵng")
	p.fill("Branch", "hai phong")
	p.seeText("Kho Hải Phòng")
	p.press("Send")
	p.expectStatus(http.StatusUnprocessableEntity)
	p.seeText("Did you mean HP-3?")
	p.look("options-wrong")
	p.fill("Branch", "HP-3")
	p.press("Send")
	p.at("/tickets/[0-9a-f-]{36}")
	p.seeText("Kho Hải Phòng")
}
