package files_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"

	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/ticket"
)

// receipts is a field that takes several photos and PDFs.
var receipts = form.Field{Name: "receipts", Type: form.Files, Many: 3, Accept: []string{form.AcceptPDF, form.AcceptImage}}

func TestAdd_PhotoOrPDF(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	for want, data := range map[string][]byte{"image/jpeg": photo(), "application/pdf": pdf} {
		if file, err := d.upload(t, "ann", receipts, data); err != nil || file.MediaType != want {
			t.Errorf("got %q, %v, want %s", file.MediaType, err, want)
		}
	}
	if _, err := d.upload(t, "ann", receipts, make([]byte, 1000)); !errors.Is(err, files.NotAPicture) {
		t.Errorf("neither of the two: got %v, want NotAPicture", err)
	}
}

func TestDraft_SeveralFiles(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	submission := uuid.NewString()
	var ids []string
	for range 3 {
		file, err := d.upload(t, "ann", receipts, pdf)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, file.ID.String())
	}
	shows := func(want ...string) {
		t.Helper()
		if draft, err := d.Draft(t.Context(), "ann"); err != nil || !slices.Equal(draft.Answers.Values("receipts"), want) {
			t.Errorf("the draft has %q, %v, want %q", draft.Answers.Values("receipts"), err, want)
		}
	}
	add := func(ids ...string) {
		t.Helper()
		if err := d.AddSeveralToDraft(t.Context(), "ann", submission, "receipts", ids); err != nil {
			t.Fatal(err)
		}
	}
	remove := func(id string) {
		t.Helper()
		if err := d.RemoveFileFromDraft(t.Context(), "ann", "receipts", id); err != nil {
			t.Fatal(err)
		}
	}
	add(ids[0])
	add(ids[0], ids[1])
	add(ids[2])
	shows(ids...)
	remove(ids[1])
	remove(ids[1])
	shows(ids[0], ids[2])
	if err := d.CollectUnused(t.Context(), atOnce); err != nil {
		t.Fatal(err)
	}
	if n := d.count(t, "SELECT count(*) FROM files"); n != 2 {
		t.Errorf("%d files are left, want the two of the draft", n)
	}
	remove(ids[0])
	shows(ids[2])
	draft, _ := d.Draft(t.Context(), "ann") // the list of one becomes a text
	saveDraft(t, d, "ann", draft, true)
	add(ids[0])
	shows(ids[2], ids[0])
	remove(ids[2])
	draft, _ = d.Draft(t.Context(), "ann")
	saveDraft(t, d, "ann", draft, true)
	remove(ids[0])
	if draft, _ = d.Draft(t.Context(), "ann"); draft.Answers.Text("receipts") != "" {
		t.Errorf("the draft has %v, want no file", draft.Answers)
	}
}

func TestSubmit_SeveralFilesOfAField(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	var ids []uuid.UUID
	for _, data := range [][]byte{photo(), pdf} {
		file, err := d.upload(t, "ann", receipts, data)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, file.ID)
	}
	made, err := d.submit(t, "ann", true, ticket.Files{"receipts": ids})
	if err != nil {
		t.Fatal(err)
	}
	found, err := d.OfTicket(t.Context(), made.ID)
	if err != nil || len(found["receipts"]) != 2 || found["receipts"][0].ID != ids[0] || found["receipts"][1].ID != ids[1] {
		t.Errorf("the ticket names %v, %v, want both in order", found, err)
	}
}

// TestCollectUnused_FileInARow keeps the file of a row that a draft names, and deletes that of a row that was removed.
func TestCollectUnused_FileInARow(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	submission, kept := uuid.NewString(), 0
	for _, name := range []string{"owners.0.deed", "owners.2.deed"} {
		file, err := d.upload(t, "ann", form.Field{Name: name, Type: form.File}, pdf)
		if err != nil || file.Field != "owners.deed" {
			t.Fatalf("got a file for %q, %v", file.Field, err)
		}
		file.Field = name
		if err := d.AddToDraft(t.Context(), "ann", submission, file); err != nil {
			t.Fatal(err)
		}
		kept++
	}
	for ; kept >= 1; kept-- {
		if err := d.CollectUnused(t.Context(), atOnce); err != nil {
			t.Fatal(err)
		}
		if n := d.count(t, "SELECT count(*) FROM files"); n != kept {
			t.Errorf("%d files are left, want %d", n, kept)
		}
		if err := d.RemoveFromDraft(t.Context(), "ann", "owners.0.deed"); err != nil {
			t.Fatal(err)
		}
	}
}
