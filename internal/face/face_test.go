package face_test

import (
	"context"
	"errors"
	"image"
	"image/draw"
	"testing"

	"docket/internal/face"
	"docket/internal/testkit/testpicture"
)

func TestFind_DrawnFaces(t *testing.T) {
	t.Parallel()
	for _, holder := range []testpicture.Holder{testpicture.Anna, testpicture.Bo} {
		for name, c := range map[string]struct {
			img    *image.RGBA
			centre image.Point // of the face
			state  face.State
		}{
			"a photo of the face": {testpicture.Selfie(holder, 800), image.Pt(400, 270), face.One},
			"a large photo":       {testpicture.Selfie(holder, 1600), image.Pt(800, 540), face.One},
			"in dim light":        {testpicture.Brightened(testpicture.Selfie(holder, 800), 0.5), image.Pt(400, 270), face.One},
			"a document":          {testpicture.Front(holder, 1200), image.Pt(264, 378), face.One},
		} {
			found, err := face.Find(t.Context(), c.img)
			if err != nil || len(found) != 1 || !c.centre.In(found[0].Place) || found[0].Strength < face.MinStrength {
				t.Errorf("%s, %s: got %v, %v", holder.Given, name, found, err)
				continue
			}
			if state := face.StateOf(found, c.img.Rect); state != c.state {
				t.Errorf("%s, %s: got %s, want %s", holder.Given, name, state, c.state)
			}
		}
	}
}

// Two beside each other, on a picture that does not begin at its first pixel.
func TestFind_TwoFaces(t *testing.T) {
	t.Parallel()
	both := image.NewRGBA(image.Rect(100, 50, 1300, 500))
	draw.Draw(both, image.Rect(100, 50, 700, 500), testpicture.Selfie(testpicture.Anna, 600), image.Point{}, draw.Src)
	draw.Draw(both, image.Rect(700, 50, 1300, 500), testpicture.Selfie(testpicture.Bo, 600), image.Point{}, draw.Src)
	found, err := face.Find(t.Context(), both)
	if err != nil || len(found) != 2 || face.StateOf(found, both.Rect) != face.Several {
		t.Fatalf("got %v, %v", found, err)
	}
	for _, centre := range []image.Point{{400, 252}, {1000, 252}} {
		if !centre.In(found[0].Place) && !centre.In(found[1].Place) {
			t.Errorf("no face at %v: %v", centre, found)
		}
	}
}

func TestFind_Pages(t *testing.T) {
	t.Parallel()
	for name, img := range map[string]image.Image{
		"the back of a card": testpicture.Back(testpicture.Anna, 1200), "nothing": image.NewGray(image.Rect(0, 0, 640, 480)),
		"no pixel": image.NewGray(image.Rectangle{}), "a line": image.NewGray(image.Rect(0, 0, 3000, 1)),
	} {
		if found, err := face.Find(t.Context(), img); err != nil || len(found) > 0 {
			t.Errorf("%s: got %v, %v", name, found, err)
		}
	}
}

func TestFind_ContextEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := face.Find(ctx, testpicture.Back(testpicture.Anna, 800)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestStateOf_EveryState(t *testing.T) {
	t.Parallel()
	photo := image.Rect(0, 0, 800, 1000)
	at := func(x, y, side int) face.Face {
		return face.Face{Place: image.Rect(x-side/2, y-side/2, x+side/2, y+side/2), Strength: face.MinStrength}
	}
	for name, c := range map[string]struct {
		found []face.Face
		want  face.State
	}{
		"in the middle":           {[]face.Face{at(400, 450, 400)}, face.One},
		"one in the background":   {[]face.Face{at(400, 450, 400), at(700, 300, 100)}, face.One},
		"two":                     {[]face.Face{at(300, 450, 300), at(600, 450, 280)}, face.Several},
		"too far away":            {[]face.Face{at(400, 450, 110)}, face.Small},
		"at the side":             {[]face.Face{at(130, 450, 250)}, face.OffCentre},
		"at the foot":             {[]face.Face{at(400, 850, 250)}, face.OffCentre},
		"nobody":                  {nil, face.None},
		"two, both too far away":  {[]face.Face{at(300, 450, 100), at(600, 450, 90)}, face.Several},
		"close, fills the height": {[]face.Face{at(400, 500, 700)}, face.One},
	} {
		if got := face.StateOf(c.found, photo); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add([]byte("0123456789"), uint8(10))
	f.Fuzz(func(t *testing.T, pixels []byte, width uint8) {
		if width == 0 {
			return
		}
		img := &image.Gray{Pix: pixels, Stride: int(width), Rect: image.Rect(0, 0, int(width), len(pixels)/int(width))}
		found, err := face.Find(t.Context(), img)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range found {
			if !one.Place.In(img.Rect) || one.Strength < face.MinStrength {
				t.Errorf("%v in %v", one, img.Rect)
			}
		}
	})
}

func BenchmarkFind(b *testing.B) {
	img := testpicture.Front(testpicture.Anna, 1600)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := face.Find(b.Context(), img); err != nil {
			b.Fatal(err)
		}
	}
}
