package photo_test

import (
	"bytes"
	"context"
	"embed"
	"encoding/binary"
	"errors"
	"image"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"

	"docket/internal/photo"
	"docket/internal/testkit/testpicture"
)

// trials are pictures that people sent, or that were made as those were.
//
//go:embed testdata/trials
var trials embed.FS

func trial(t *testing.T, name string) []byte {
	t.Helper()
	data, err := trials.ReadFile("testdata/trials/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestRead_WhatPeopleSend(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		size    image.Point
		refused error
	}{
		"ori6_fill1.jpg":       {image.Pt(600, 800), nil},
		"no_eoi.jpg":           {image.Pt(800, 600), nil},
		"samp_go54997.jpg":     {image.Pt(800, 600), nil},
		"samp_2x1_1x2_1x1.jpg": {image.Pt(800, 600), nil},
		"cmyk.jpg":             {image.Pt(320, 320), nil},
		"png_badcrc_iccp.png":  {image.Pt(320, 320), nil},
		"rst_missing.jpg":      {image.Pt(800, 600), nil},
		"arithmetic.jpg":       {image.Point{}, photo.ErrCoding},
	} {
		p, err := photo.Read(t.Context(), trial(t, name), nil)
		if got := image.Pt(p.Width, p.Height); got != want.size || !errors.Is(err, want.refused) {
			t.Errorf("%s: %v, %v, want %v, %v", name, got, err, want.size, want.refused)
		}
	}
}

// withoutEnd is a file whose last bytes are missing.
func withoutEnd(data []byte, missing int) []byte { return data[:len(data)-missing] }

func TestRead_FaultsThatViewersOverlook(t *testing.T) {
	t.Parallel()
	upright := testpicture.Front(testpicture.Anna, 640)
	photographed := testpicture.JPEG(testpicture.Rotated(upright, 6), 95)
	turned := testpicture.WithEXIF(photographed, 6)
	drawn := testpicture.PNG(testpicture.Back(testpicture.Anna, 400))
	after := func(data []byte, between ...byte) []byte { return slices.Concat(data[:2], between, data[2:]) }
	badSum := testpicture.WithChunk(drawn, "iCCP", []byte("x"))
	badSum[8+25+12] ^= 1 // the last byte of the sum
	for name, c := range map[string]struct {
		data []byte
		size image.Point
	}{
		"fill bytes":                 {after(turned, 0xff, 0xff, 0xff), image.Pt(640, 480)},
		"another segment before":     {after(turned, testpicture.Segment(0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00<x/>")...)...), image.Pt(640, 480)},
		"odd entries":                {after(photographed, exifWith(6, 4)...), image.Pt(640, 480)},
		"one byte":                   {after(photographed, exifWith(6, 1)...), image.Pt(640, 480)},
		"no such orientation":        {after(photographed, exifWith(9, 3)...), image.Pt(480, 640)},
		"no end":                     {withoutEnd(turned, 2), image.Pt(640, 480)},
		"half an end":                {withoutEnd(turned, 1), image.Pt(640, 480)},
		"zeros for an end":           {append(withoutEnd(turned, 2), make([]byte, 100)...), image.Pt(640, 480)},
		"right restart markers":      {testpicture.RestartJPEG(400, func(row int) byte { return byte(row % 8) }), image.Pt(400, 400)},
		"restarts from one":          {testpicture.RestartJPEG(400, func(row int) byte { return byte((row + 1) % 8) }), image.Pt(400, 400)},
		"restarts not counted":       {testpicture.RestartJPEG(400, func(int) byte { return 0 }), image.Pt(400, 400)},
		"a restart missing":          {testpicture.RestartJPEG(400, func(row int) byte { return missingAt(row, 7) }), image.Pt(400, 400)},
		"restarts missing":           {testpicture.RestartJPEG(400, func(int) byte { return testpicture.NoRestart }), image.Pt(400, 400)},
		"PNG without its last chunk": {withoutEnd(drawn, 12), image.Pt(400, 300)},
		"PNG without half of it":     {withoutEnd(drawn, 5), image.Pt(400, 300)},
		"PNG with a damaged profile": {badSum, image.Pt(400, 300)},
	} {
		p, err := photo.Read(t.Context(), c.data, nil)
		if got := image.Pt(p.Width, p.Height); err != nil || got != c.size {
			t.Errorf("%s: %v, %v, want %v", name, got, err, c.size)
		}
	}
}

// missingAt is the right number of a restart marker, and none behind one row.
func missingAt(row, missing int) byte {
	if row == missing {
		return testpicture.NoRestart
	}
	return byte(row % 8)
}

// exifWith is an EXIF segment whose orientation has this format, behind entries that cannot be.
func exifWith(orientation byte, format uint16) []byte {
	le := binary.LittleEndian
	tiff := le.AppendUint16([]byte("II*\x00\x08\x00\x00\x00"), 3)
	tiff = append(le.AppendUint16(le.AppendUint16(tiff, 0x0100), 77), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
	tiff = append(le.AppendUint16(le.AppendUint16(tiff, 0x010f), 2), 0xff, 0xff, 0, 0, 0xff, 0xff, 0, 0)
	tiff = append(le.AppendUint16(le.AppendUint16(tiff, 0x0112), format), 1, 0, 0, 0, orientation, 0, 0, 0)
	return testpicture.Segment(0xe1, append([]byte("Exif\x00\x00"), tiff...)...)
}

// Many people take a photo at once: what decoding takes does not grow with them.
func TestRead_HundredAtOnce(t *testing.T) {
	data := testpicture.JPEG(image.NewGray(image.Rect(0, 0, 400, 400)), 50)
	var decoding counter
	errs := make(chan error)
	for range 100 {
		go func() {
			_, err := photo.Read(t.Context(), data, decoding.count)
			errs <- err
		}()
	}
	for range 100 {
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
	}
	if most := decoding.most.Load(); most > int64(photo.MaxReads()) || most < 1 {
		t.Errorf("%d pictures were in memory at once, at most %d may be", most, photo.MaxReads())
	}
}

func TestRead_DamagedFiles(t *testing.T) {
	t.Parallel()
	drawn := testpicture.PNG(testpicture.Back(testpicture.Anna, 400))
	pixels := bytes.Clone(drawn)
	pixels[len(pixels)-13] ^= 1 // the sum of the last pixels
	for name, data := range map[string][]byte{
		"PNG whose pixels have another sum": pixels, "PNG cut off in its pixels": withoutEnd(drawn, 40),
	} {
		if _, err := photo.Read(t.Context(), data, nil); !errors.Is(err, photo.ErrBroken) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// counter counts how many are between two calls of the reader's hook and its return.
type counter struct{ now, most atomic.Int64 }

// count is called while a picture is in memory.
func (c *counter) count(context.Context, image.Image) {
	now := c.now.Add(1)
	for most := c.most.Load(); now > most && !c.most.CompareAndSwap(most, now); most = c.most.Load() {
	}
	runtime.Gosched()
	c.now.Add(-1)
}
