package client_test

import (
	"bytes"
	"image"
	"maps"
	"slices"
	"testing"

	"docket/client"
	"docket/internal/account"
	"docket/internal/evidence"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testpicture"
	"docket/internal/testkit/testsite"
)

func TestClient_Readings(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(`name: cards
title: Cards
reads: {full_name: card.qr.name, number: card.qr.number}
fields:
  - {name: full_name, label: Full name}
  - {name: number, label: Number}
  - {name: card, label: Card, type: image, faces: selfie}
`))
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	c := must[*client.Client](t)(client.New(client.Config{URL: s.URL, Key: s.Key(t, "partner", account.TicketsWrite, account.TicketsRead)}))
	img := testpicture.Back(testpicture.Anna, 1200)
	testpicture.WithCode(img, testpicture.VietnameseCard, image.Pt(300, 300), 260)
	photo := testpicture.JPEG(img, 85)
	kept := must[client.File](t)(c.Upload(t.Context(), "u", "card", client.Upload{MediaType: "image/jpeg", Content: bytes.NewReader(photo)}))
	i := slices.IndexFunc(kept.Read, func(r client.Read) bool { return r.Name == "number" })
	if i < 0 || kept.Read[i].Text != "001304012345" || kept.Read[i].Reader != "qr" || !kept.Read[i].Sure || kept.Read[i].Place.Width == 0 || !slices.Equal(kept.Read[i].Fields, []string{"number"}) {
		t.Errorf("read %+v", kept.Read)
	}
	if kept.Faces == nil || *kept.Faces != 0 {
		t.Errorf("faces: %v, want none", kept.Faces)
	}
	made := must[client.Ticket](t)(c.Submit(t.Context(), client.Submission{UserID: "u", Extra: map[string]any{"full_name": testpicture.VietnameseName, "number": "2", "card": kept.ID}}))
	one := must[client.Ticket](t)(c.Ticket(t.Context(), made.ID))
	if want := map[string]client.Match{"full_name": client.Same, "number": client.Differs}; !maps.Equal(one.Match, want) {
		t.Errorf("the ticket has %v, want %v", one.Match, want)
	}
	if file := one.Files["card"]; len(file.Read) != len(kept.Read) || file.Faces == nil {
		t.Errorf("its file has %+v", file)
	}
}

func TestMatch_All(t *testing.T) {
	t.Parallel()
	var want []string
	for _, match := range evidence.Matches() {
		want = append(want, string(match))
	}
	compare(t, "matches", want, constants(t, "reading.go", "Match"))
}
