package main

import (
	"bytes"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"docket/internal/mrz"
	"docket/internal/mrz/specimen"
)

func TestReadPictures_ZoneLineNothing(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 9303))
	text := specimen.NewText(r, mrz.TD3)
	zone, err := specimen.DrawCrop(r, text, 1000)
	if err != nil {
		t.Fatal(err)
	}
	line, err := specimen.DrawCrop(r, text[1:], 1400)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for i, img := range []image.Image{zone, line, image.NewGray(image.Rect(0, 0, 600, 400))} {
		var content bytes.Buffer
		if err := png.Encode(&content, img); err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(t.TempDir(), []string{"zone.png", "line.png", "blank.png"}[i])
		if err := os.WriteFile(name, content.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	var said strings.Builder
	if err := readPictures(t.Context(), &said, names); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"every check digit holds\n  " + strings.Join(text, "\n  ") + "\n", "\n  " + text[1] + "\n" + names[2], "one line, ", "nothing was read\n",
	} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("it says\n%s, want %q", said.String(), want)
		}
	}
	if err := readPictures(t.Context(), &said, []string{"rates_test.go"}); err == nil || !strings.HasPrefix(err.Error(), "rates_test.go: ") {
		t.Errorf("what is no picture: %v", err)
	}
}
