package ocr_test

import (
	"context"
	"errors"
	"image"
	"image/color"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"docket/internal/grey"
	"docket/internal/mrz"
	"docket/internal/mrz/ocr"
	"docket/internal/mrz/specimen"
	"docket/internal/testkit/testpicture"
)

// take photographs a document of a kind. The same seed gives the same photo.
func take(t *testing.T, seed uint64, kind mrz.Size, width int, hard float64, turn int) specimen.Photo {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 9303))
	c := specimen.Draw(r, width, hard)
	c.Turn = turn
	photo, err := specimen.Take(r, kind, c)
	if err != nil {
		t.Fatal(err)
	}
	return photo
}

func read(t *testing.T, img image.Image) ocr.Zone {
	t.Helper()
	zone, err := ocr.ReadPicture(t.Context(), img)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func fieldOf(t *testing.T, zone ocr.Zone, name mrz.Field) ocr.Field {
	t.Helper()
	i := slices.IndexFunc(zone.Fields, func(f ocr.Field) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("%s is not in %v", name, zone.Fields)
	}
	return zone.Fields[i]
}

func TestReadPicture_Kinds(t *testing.T) {
	t.Parallel()
	sure := 0
	for i, kind := range specimen.Kinds {
		photo := take(t, 10+uint64(i), kind, 700, 0, 0)
		zone := read(t, photo.Image)
		if zone.Sure {
			sure++
		}
		if zone.MRZ.Size != kind || !slices.Equal(zone.Lines, photo.Lines) || zone.MRZ.Wrong != nil || zone.Rotation != 0 {
			t.Errorf("%s: got %+v, want %q", kind, zone, photo.Lines)
		}
		for _, field := range zone.Fields {
			if !field.Place.Bounds().In(photo.Image.Rect) || field.Place.Bounds().Dx() < 5 {
				t.Errorf("%s: %s is at %v in %v", kind, field.Name, field.Place, photo.Image.Rect)
			}
		}
	}
	if sure < 4 {
		t.Errorf("only %d of %d flat and sharp photos are sure", sure, len(specimen.Kinds))
	}
}

// Each side up, the place is that of the zone: a picture of it alone reads the same.
func TestReadPicture_TurnedAndCropped(t *testing.T) {
	t.Parallel()
	for _, turn := range []int{90, 180, 270} {
		photo := take(t, 3, mrz.TD3, 700, 0.1, turn)
		zone := read(t, photo.Image)
		if !slices.Equal(zone.Lines, photo.Lines) || zone.Rotation != 360-turn {
			t.Errorf("turned by %d: got %d, %q, want %q", turn, zone.Rotation, zone.Lines, photo.Lines)
			continue
		}
		place := zone.Place.Bounds().Inset(-6).Intersect(photo.Image.Rect)
		if again := read(t, photo.Image.SubImage(place)); !slices.Equal(again.Lines, photo.Lines) {
			t.Errorf("turned by %d: the place %v reads %q", turn, place, again.Lines)
		}
		number := fieldOf(t, zone, mrz.Number)
		upper, lower := zone.Place[0], zone.Place[3]
		if near(number.Place[0], lower) >= near(number.Place[0], upper) {
			t.Errorf("turned by %d: the number at %v is not near the lower left corner of %v", turn, number.Place, zone.Place)
		}
	}
}

// The floor is below what docs/evidence.md has, so that what reads worse is noticed. What is said to be sure has to be right.
func TestReadPicture_Floor(t *testing.T) {
	t.Parallel()
	const photos = 18
	lines, exact, held := 0, 0, 0
	for i := range photos {
		kind := specimen.Kinds[i%len(specimen.Kinds)]
		photo := take(t, 100+uint64(i), kind, []int{440, 560, 700}[i%3], 0.5, 0)
		zone, err := ocr.ReadPicture(t.Context(), photo.Image)
		if err != nil && !errors.Is(err, ocr.ErrNoZone) {
			t.Fatal(err)
		}
		for k, line := range photo.Lines {
			lines++
			if k < len(zone.Lines) && zone.Lines[k] == line {
				exact++
			}
		}
		if err == nil && zone.MRZ.Wrong == nil {
			held++
		}
		if zone.Sure && !slices.Equal(zone.Lines, photo.Lines) {
			t.Errorf("photo %d is sure of %q, and wrong: %q", i, zone.Lines, photo.Lines)
		}
	}
	if exact*100 < lines*90 || held*100 < photos*85 {
		t.Errorf("%d of %d lines are exact, in %d of %d photos every check digit holds", exact, lines, held, photos)
	}
}

func near(a, b image.Point) int {
	d := a.Sub(b)
	return d.X*d.X + d.Y*d.Y
}

func TestReadPicture_NoZone(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	noise := image.NewGray(image.Rect(0, 0, 300, 240))
	for i := range noise.Pix {
		noise.Pix[i] = uint8(r.IntN(256))
	}
	stripes := image.NewGray(image.Rect(0, 0, 300, 240))
	for i := range stripes.Pix {
		stripes.Pix[i] = uint8(255 * (i / stripes.Stride / 10 % 2))
	}
	photo := take(t, 5, mrz.TD3, 600, 0, 0)
	above := photo.Image.SubImage(image.Rect(0, 0, 600, read(t, photo.Image).Place.Bounds().Min.Y-4))
	for name, img := range map[string]image.Image{
		"blank": image.NewGray(image.Rect(0, 0, 600, 400)), "noise": noise, "stripes": stripes, "the page above its zone": above,
		"small": image.NewRGBA(image.Rect(0, 0, 20, 20)), "empty": image.NewRGBA(image.Rectangle{}), "thin": image.NewGray(image.Rect(0, 0, 2000, 33)),
	} {
		if zone, err := ocr.ReadPicture(t.Context(), img); !errors.Is(err, ocr.ErrNoZone) {
			t.Errorf("%s: got %q, %v", name, zone.Lines, err)
		}
	}
}

// The dark edge of the table beside the page touches both lines.
func TestReadPicture_EdgeOfTable(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 20))
	photo, err := specimen.Take(r, mrz.MRVA, specimen.Draw(r, 1200, 0.5))
	if err != nil {
		t.Fatal(err)
	}
	if zone := read(t, photo.Image); !slices.Equal(zone.Lines, photo.Lines) {
		t.Errorf("got %q, want %q", zone.Lines, photo.Lines)
	}
}

// A line that is drawn close above the print, as on the back of many cards, is not taken for a part of the letters.
func TestReadPicture_LineAbove(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 9303))
	c := specimen.Draw(r, 700, 0)
	c.Skew, c.Perspective, c.Fill = 0, 0, 0.95
	photo, err := specimen.Take(r, mrz.TD1, c)
	if err != nil {
		t.Fatal(err)
	}
	place := read(t, photo.Image).Place.Bounds()
	for y := place.Min.Y - 4; y < place.Min.Y-2; y++ {
		for x := range photo.Image.Rect.Dx() {
			photo.Image.Pix[photo.Image.PixOffset(x, y)] = 20
		}
	}
	if zone := read(t, photo.Image); !slices.Equal(zone.Lines, photo.Lines) {
		t.Errorf("got %q, want %q", zone.Lines, photo.Lines)
	}
}

// Noise is not taken for print.
func TestReadPicture_Noise(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{4, 13} {
		r := rand.New(rand.NewPCG(seed, 9303))
		c := specimen.Draw(r, 600, 0.2)
		c.Noise = 18
		photo, err := specimen.Take(r, mrz.TD1, c)
		if err != nil {
			t.Fatal(err)
		}
		if zone := read(t, photo.Image); !slices.Equal(zone.Lines, photo.Lines) {
			t.Errorf("got %q, want %q", zone.Lines, photo.Lines)
		}
	}
}

// The frame of a page that lies askew is not joined with the lines beside it.
func TestReadPicture_Frame(t *testing.T) {
	t.Parallel()
	for _, skew := range []float64{6, -9} {
		r := rand.New(rand.NewPCG(3, 9303))
		c := specimen.Draw(r, 720, 0)
		c.Skew, c.Fill, c.Perspective = skew, 0.85, 0
		photo, err := specimen.Take(r, mrz.TD3, c)
		if err != nil {
			t.Fatal(err)
		}
		drawFrame(photo.Image, read(t, photo.Image).Place)
		if zone := read(t, photo.Image); !slices.Equal(zone.Lines, photo.Lines) {
			t.Errorf("%v degrees: got %q, want %q", skew, zone.Lines, photo.Lines)
		}
	}
}

// drawFrame draws a frame, three pixels thick, around a place and what is above it.
func drawFrame(img *image.Gray, place ocr.Quad) {
	down, right := place[3].Sub(place[0]), place[1].Sub(place[0]).Div(30)
	place[0], place[1] = place[0].Sub(down.Mul(3)).Sub(right), place[1].Sub(down.Mul(3)).Add(right)
	place[2], place[3] = place[2].Add(down.Div(4)).Add(right), place[3].Add(down.Div(4)).Sub(right)
	for i, from := range place {
		to := place[(i+1)%len(place)]
		for step := range 3000 {
			at := from.Add(to.Sub(from).Mul(step).Div(3000))
			for y := at.Y; y < at.Y+3; y++ {
				for x := at.X; x < at.X+3; x++ {
					img.SetGray(x, y, color.Gray{Y: 20})
				}
			}
		}
	}
}

// Letters are read on both sides of the edge of a shadow, and below it, but are not sure.
func TestReadPicture_Shadow(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{6, 8} {
		r := rand.New(rand.NewPCG(seed, 9303))
		c := specimen.Draw(r, 600, 0.2)
		c.Finger = 0.65
		photo, err := specimen.Take(r, mrz.TD3, c)
		if err != nil {
			t.Fatal(err)
		}
		if zone := read(t, photo.Image); !slices.Equal(zone.Lines, photo.Lines) || zone.Sure {
			t.Errorf("got %q, sure %v, want %q", zone.Lines, zone.Sure, photo.Lines)
		}
	}
}

// A letter that cannot be read is found by the check digit, and said to be mended.
func TestReadPicture_Mended(t *testing.T) {
	t.Parallel()
	photo := take(t, 0, mrz.TD3, 700, 0, 0)
	whole := read(t, photo.Image)
	number := fieldOf(t, whole, mrz.Number)
	place := number.Place.Bounds()
	mended, wrong := 0, 0
	for i := range 9 { // paint over the lower part of each of the nine letters in turn
		damaged := *photo.Image
		damaged.Pix = slices.Clone(photo.Image.Pix)
		letter := image.Rect(place.Min.X+place.Dx()*i/9, place.Min.Y+place.Dy()/2, place.Min.X+place.Dx()*(i+1)/9, place.Max.Y)
		for y := letter.Min.Y; y < letter.Max.Y; y++ {
			for x := letter.Min.X; x < letter.Max.X; x++ {
				damaged.Pix[damaged.PixOffset(x, y)] = 200
			}
		}
		zone := read(t, &damaged)
		field := fieldOf(t, zone, mrz.Number)
		same := field.Text == number.Text
		switch {
		case field.State == ocr.Checked && !same:
			t.Errorf("letter %d: %s passes as read", i, field.Text)
		case field.State == ocr.Mended:
			mended++
			if !field.Mended || zone.Sure {
				t.Errorf("letter %d: mended without a word: %+v, sure %v", i, field, zone.Sure)
			}
		case field.State == ocr.Wrong:
			wrong++
			if zone.Sure || !slices.Contains(zone.MRZ.Wrong, mrz.Number) {
				t.Errorf("letter %d: wrong without a word: %+v", i, zone)
			}
		}
	}
	if mended == 0 {
		t.Errorf("no letter was mended, %d are wrong", wrong)
	}
}

// mostMemory is what a photo may take beside itself, garbage included.
const mostMemory = 32 << 20

// allocated is how many bytes the process allocates in a call: in parallel tests other ones, too.
func allocated(call func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	call()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// A photo of 12 megapixels.
func TestReadPicture_Memory(t *testing.T) {
	photo := take(t, 1, mrz.TD3, 800, 0.2, 0)
	const times = 5
	large := image.NewGray(image.Rect(0, 0, times*photo.Image.Rect.Dx(), times*photo.Image.Rect.Dy()))
	for y := range large.Rect.Dy() {
		for x := range large.Rect.Dx() {
			large.Pix[y*large.Stride+x] = photo.Image.Pix[y/times*photo.Image.Stride+x/times]
		}
	}
	var zone ocr.Zone
	if took := allocated(func() { zone = read(t, large) }); took > mostMemory {
		t.Errorf("%v takes %d bytes", large.Rect.Size(), took)
	}
	if !slices.Equal(zone.Lines, photo.Lines) {
		t.Errorf("got %q, want %q", zone.Lines, photo.Lines)
	}
}

// A page of 2,000 pixels on which lines of print are as long as those of a zone, in which all is looked for. Like the one
// above it is not parallel.
func TestReadPicture_MemoryOfPage(t *testing.T) {
	page := grey.Shrink(testpicture.Front(testpicture.Anna, 2000), 2000)
	for _, turn := range []int{0, 90} {
		img := grey.Turn(page, turn)
		took := allocated(func() {
			if zone, err := ocr.ReadPicture(t.Context(), img); err == nil && zone.Sure {
				t.Errorf("a page without a zone is surely read: %q", zone.Lines)
			}
		})
		if took > mostMemory {
			t.Errorf("turned by %d degrees it takes %d bytes", turn, took)
		}
	}
}

func FuzzReadPicture(f *testing.F) {
	f.Add([]byte("\xff\x00\xff\x00"), uint16(40))
	f.Add([]byte{}, uint16(100))
	f.Add([]byte("<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<"), uint16(90))
	f.Fuzz(func(t *testing.T, pix []byte, width uint16) {
		img := image.NewGray(image.Rect(3, 5, 3+int(width%400), 5+int(width%400)*2/3))
		for i := range img.Pix {
			if len(pix) > 0 {
				img.Pix[i] = pix[i%len(pix)]
			}
		}
		zone, err := ocr.ReadPicture(t.Context(), img)
		if err != nil {
			if !errors.Is(err, ocr.ErrNoZone) {
				t.Fatal(err)
			}
			return
		}
		if lines, letters := zone.MRZ.Size.Shape(); len(zone.Lines) != lines || len(zone.Lines[0]) != letters {
			t.Errorf("%s of %q", zone.MRZ.Size, zone.Lines)
		}
		for _, field := range zone.Fields {
			if !field.Place.Bounds().In(img.Rect) {
				t.Errorf("%s at %v, outside of %v", field.Name, field.Place, img.Rect)
			}
		}
	})
}

func BenchmarkReadPicture(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 9303))
	photo, err := specimen.Take(r, mrz.TD3, specimen.Draw(r, 1600, 0.5))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ocr.ReadPicture(b.Context(), photo.Image); err != nil {
			b.Fatal(err)
		}
	}
}

func TestReadPicture_EndedContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	late := errors.New("too late")
	cancel(late)
	if _, err := ocr.ReadPicture(ctx, take(t, 1, mrz.TD1, 500, 0, 0).Image); !errors.Is(err, late) {
		t.Errorf("got %v", err)
	}
}
