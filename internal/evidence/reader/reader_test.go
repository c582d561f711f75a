package reader_test

import (
	"context"
	"image"
	"image/draw"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"docket/internal/citizencard"
	"docket/internal/evidence"
	"docket/internal/evidence/reader"
	"docket/internal/grey"
	"docket/internal/mrz"
	"docket/internal/mrz/specimen"
	"docket/internal/testkit/testpicture"
)

// document is a drawn and photographed document, with what its zone says.
func document(t *testing.T, seed uint64, kind mrz.Size) (image.Image, mrz.MRZ) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 9303))
	photo, err := specimen.Take(r, kind, specimen.Draw(r, 900, 0.1))
	if err != nil {
		t.Fatal(err)
	}
	return photo.Image, mrz.ReadLines(kind, photo.Lines)
}

func TestRead_Zone(t *testing.T) {
	t.Parallel()
	for _, kind := range []mrz.Size{mrz.TD3, mrz.TD1} {
		img, want := document(t, 2, kind)
		read := reader.Read(t.Context(), img, []string{evidence.MRZ}, nil, time.Minute)
		born, _ := want.BirthDate(time.Now())
		expires, _ := want.ExpiryDate(time.Now())
		for name, text := range map[string]string{
			evidence.Number: want.Number, evidence.Surname: want.Surname, evidence.Given: want.Given,
			evidence.BirthDate: born.Format(time.DateOnly), evidence.ExpiryDate: expires.Format(time.DateOnly),
		} {
			got, ok := read.Value(evidence.MRZ, name)
			if !ok || got.Text != text || !got.Sure || got.Mended || got.Place.Y < 0.4 || got.Place.Width <= 0 || got.Place.X+got.Place.Width > 1 {
				t.Errorf("%s: %s: got %+v, %v, want %q", kind, name, got, ok, text)
			}
		}
		if _, passport := read.Value(evidence.MRZ, evidence.DocumentType); passport != (want.Kind[0] == 'P') || read.Faces != nil {
			t.Errorf("%s: got %+v of a %s", kind, read, want.Kind)
		}
	}
}

// A document that lies on its side or upside down is read, and known to lie so.
func TestRead_TurnedZone(t *testing.T) {
	t.Parallel()
	upright, _ := document(t, 2, mrz.TD3)
	for orientation, turn := range map[int]int{1: 0, 3: 180, 6: 90, 8: 270} {
		read := reader.Read(t.Context(), testpicture.Rotated(rgba(upright), orientation), []string{evidence.MRZ}, nil, time.Minute)
		if number, _ := read.Value(evidence.MRZ, evidence.Number); number.Place.Turn != turn {
			t.Errorf("with orientation %d: got %+v, want a turn of %d", orientation, number, turn)
		}
	}
}

func rgba(img image.Image) *image.RGBA {
	copied := image.NewRGBA(img.Bounds())
	draw.Draw(copied, copied.Rect, img, img.Bounds().Min, draw.Src)
	return copied
}

// What looks like the zone of a passport, and is not sure, does not keep the code of a card from being read.
func TestRead_CodeBesideUnsureZone(t *testing.T) {
	t.Parallel()
	card := testpicture.Front(testpicture.Anna, 1600) // its zone is not in the letters of zones
	testpicture.WithCode(card, "001174012345|012345678|Anna Maria Eriksson|12081974|Nữ|Harbour Street 12, Zenith|01072021", image.Pt(1100, 200), 300)
	read := reader.Read(t.Context(), card, []string{evidence.MRZ, evidence.QR}, nil, time.Minute)
	if number, _ := read.Value(evidence.QR, evidence.Number); number.Text != "001174012345" || !number.Sure {
		t.Errorf("got %+v, want the number of the code", read.Values)
	}
}

// A code says what its maker likes: NUL cannot be stored, and what nobody sees is not shown to an agent.
func TestRead_CodeOfUnshowableText(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"NUL": "A\x00n", "an escape": "A\x1b[31mn", "a long text": strings.Repeat("An ", 200),
	} {
		img := testpicture.Back(testpicture.Anna, 1600)
		testpicture.WithCode(img, "001304012345|012345678|"+text+"|05112004|Nữ|Hà Nội|01072021", image.Pt(300, 300), 600)
		read := reader.Read(t.Context(), img, []string{evidence.QR}, nil, time.Minute)
		number, _ := read.Value(evidence.QR, evidence.Number)
		if got, has := read.Value(evidence.QR, evidence.Name); has || number.Text != "001304012345" {
			t.Errorf("%s: got %+v beside number %q", name, got, number.Text)
		}
	}
}

func TestRead_Code(t *testing.T) {
	t.Parallel()
	img := testpicture.Back(testpicture.Anna, 1200)
	testpicture.WithCode(img, testpicture.VietnameseCard, image.Pt(300, 300), 260)
	read := reader.Read(t.Context(), img, []string{evidence.QR, evidence.Faces}, nil, time.Minute)
	for name, want := range map[string]string{
		evidence.Number: "001304012345", evidence.Name: testpicture.VietnameseName, evidence.BirthDate: "2004-11-05", evidence.IssueDate: "2021-07-01", evidence.Sex: "female",
	} {
		if got, _ := read.Value(evidence.QR, name); got.Text != want || !got.Sure || got.Place.X < 0.2 || got.Place.X > 0.3 {
			t.Errorf("%s: got %+v, want %q", name, got, want)
		}
	}
	if read.Faces == nil || len(read.Faces) != 0 || read.FaceState != "none" {
		t.Errorf("got %v, %q, want no faces", read.Faces, read.FaceState)
	}
}

// The code of another card has its parts where the form says.
func TestRead_CodeOfOtherCard(t *testing.T) {
	t.Parallel()
	img := testpicture.Back(testpicture.Anna, 1200)
	testpicture.WithCode(img, "X1;skipped;Anna Eriksson;1974-08-12", image.Pt(300, 300), 260)
	layout := &citizencard.Layout{Separator: ";", Fields: []string{evidence.Number, "", evidence.Name, "birth_date: yyyy-mm-dd", evidence.Address}, Least: 3}
	read := reader.Read(t.Context(), img, []string{evidence.QR}, layout, time.Minute)
	for name, want := range map[string]string{evidence.Number: "X1", evidence.Name: "Anna Eriksson", evidence.BirthDate: "1974-08-12", evidence.Address: ""} {
		if got, _ := read.Value(evidence.QR, name); got.Text != want {
			t.Errorf("%s: got %q, want %q", name, got.Text, want)
		}
	}
	if read := reader.Read(t.Context(), img, []string{evidence.QR}, nil, time.Minute); !read.Empty() {
		t.Errorf("it is no Vietnamese card: got %+v", read)
	}
}

// What lies on its side or upside down says so, and faces are found in it.
func TestRead_Turned(t *testing.T) {
	t.Parallel()
	upright := testpicture.Front(testpicture.Anna, 1200)
	testpicture.WithCode(upright, testpicture.VietnameseCard, image.Pt(700, 250), 260)
	want := reader.Read(t.Context(), upright, []string{evidence.QR, evidence.Faces}, nil, time.Minute)
	if len(want.Faces) == 0 || want.Values[0].Place.Turn != 0 {
		t.Fatalf("upright: got %+v", want)
	}
	for orientation, turn := range map[int]int{3: 180, 6: 90, 8: 270} { // as Exif has them
		lying := testpicture.Rotated(upright, orientation)
		got := reader.Read(t.Context(), lying, []string{evidence.QR, evidence.Faces}, nil, time.Minute)
		if len(got.Values) == 0 || got.Values[0].Place.Turn != turn || got.FaceState != want.FaceState || len(got.Faces) != len(want.Faces) {
			t.Errorf("%d: got %+v, want a turn of %d and %d faces", orientation, got, turn, len(want.Faces))
			continue
		}
		size := lying.Bounds()
		place := image.Rect(int(got.Faces[0].X*float64(size.Dx())), int(got.Faces[0].Y*float64(size.Dy())), int((got.Faces[0].X+got.Faces[0].Width)*float64(size.Dx())), int((got.Faces[0].Y+got.Faces[0].Height)*float64(size.Dy())))
		place = grey.TurnRectangle(place, size, got.Faces[0].Turn)
		expected := image.Rect(int(want.Faces[0].X*1200), int(want.Faces[0].Y*float64(upright.Bounds().Dy())), int((want.Faces[0].X+want.Faces[0].Width)*1200), int((want.Faces[0].Y+want.Faces[0].Height)*float64(upright.Bounds().Dy())))
		if shared := place.Intersect(expected); shared.Dx() < expected.Dx()*3/4 || shared.Dy() < expected.Dy()*3/4 {
			t.Errorf("%d: the face is at %v, want %v", orientation, place, expected)
		}
	}
}

func TestRead_Nothing(t *testing.T) {
	t.Parallel()
	all := []string{evidence.MRZ, evidence.QR, evidence.Faces}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	img, _ := document(t, 2, mrz.TD3)
	if read := reader.Read(ended, img, all, nil, time.Minute); !read.Empty() {
		t.Errorf("the context had ended: got %+v", read)
	}
	if read := reader.Read(t.Context(), img, nil, nil, time.Minute); !read.Empty() {
		t.Errorf("nothing is to be read: got %+v", read)
	}
	if read := reader.Read(t.Context(), brokenImage{}, all, nil, time.Minute); !read.Empty() {
		t.Errorf("the picture breaks each reader: got %+v", read)
	}
}

// brokenImage panics when a reader looks at a pixel.
type brokenImage struct{ image.Image }

func (brokenImage) Bounds() image.Rectangle { return image.Rect(0, 0, 400, 300) }
