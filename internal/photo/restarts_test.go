package photo

import (
	"bytes"
	"image/jpeg"
	"os"
	"testing"

	"docket/internal/testkit/testpicture"
)

func TestRestoreRestarts_MissingOne(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/trials/rst_missing.jpg")
	if err != nil {
		t.Fatal(err)
	}
	restored := restoreRestarts(data)
	if len(restored) != len(data)+2 {
		t.Fatalf("%d bytes become %d", len(data), len(restored))
	}
	if img, err := jpeg.Decode(bytes.NewReader(restored)); err != nil || img.Bounds().Dx() != 800 {
		t.Errorf("it is decoded as %v", err)
	}
	if again := restoreRestarts(restored); !bytes.Equal(again, restored) {
		t.Error("what is right is changed")
	}
}

func TestRestoreRestarts_Others(t *testing.T) {
	t.Parallel()
	right := testpicture.RestartJPEG(400, func(row int) byte { return byte(row % 8) })
	for name, data := range map[string][]byte{
		"nothing": nil, "no restarts": testpicture.JPEG(testpicture.Back(testpicture.Anna, 400), 80), "progressive": testpicture.ProgressiveJPEG(400, 2),
		"cut off": right[:len(right)-100], "no scan": right[:100],
	} {
		if restored := restoreRestarts(data); restored != nil {
			t.Errorf("%s becomes %d bytes", name, len(restored))
		}
	}
}

// Whatever is in a file, nothing but restart markers is added.
func FuzzRestoreRestarts(f *testing.F) {
	f.Add(testpicture.RestartJPEG(64, func(int) byte { return testpicture.NoRestart }))
	f.Fuzz(func(t *testing.T, data []byte) {
		if restored := restoreRestarts(data); restored != nil && len(restored) > 3*len(data)+2 {
			t.Errorf("%d bytes become %d", len(data), len(restored))
		}
	})
}
