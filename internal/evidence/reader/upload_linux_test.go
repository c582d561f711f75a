package reader_test

import (
	"context"
	"image"
	"image/color"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"docket/internal/evidence"
	"docket/internal/evidence/reader"
	"docket/internal/mrz"
	"docket/internal/mrz/specimen"
	"docket/internal/photo"
	"docket/internal/testkit/testpicture"
)

// BenchmarkUpload_Photo is a photo as it is uploaded, with what reads it: of a passport, and of a page that has a face and neither zone nor
// code, in which all that is not there is looked for. cpu-ms/op is what it takes of a core, whatever else runs.
func BenchmarkUpload_Photo(b *testing.B) {
	all := []string{evidence.MRZ, evidence.Faces, evidence.QR}
	for _, c := range []struct {
		name    string
		data    []byte
		readers []string
	}{
		{"stored", passportFile(b), nil},
		{"zone", passportFile(b), all[:1]},
		{"faces", passportFile(b), all[1:2]},
		{"code", passportFile(b), all[2:]},
		{"all", passportFile(b), all},
		{"page/stored", pageFile(), nil},
		{"page/zone", pageFile(), all[:1]},
		{"page/faces", pageFile(), all[1:2]},
		{"page/code", pageFile(), all[2:]},
		{"page/all", pageFile(), all},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			began := usedCPU(b)
			for b.Loop() {
				_, err := photo.Read(b.Context(), c.data, func(ctx context.Context, img image.Image) {
					reader.Read(ctx, img, c.readers, nil, time.Minute)
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((usedCPU(b)-began).Milliseconds())/float64(b.N), "cpu-ms/op")
		})
	}
}

// pageFile is a photo of a page of a document that has no zone, as large as passportFile.
func pageFile() []byte { return testpicture.JPEG(testpicture.Front(testpicture.Anna, 2000), 85) }

// passportFile is a photo of a passport as a phone sends it once the browser has shrunk it.
func passportFile(b *testing.B) []byte {
	b.Helper()
	r := rand.New(rand.NewPCG(2, 9303))
	taken, err := specimen.Take(r, mrz.TD3, specimen.Draw(r, 2000, 0.1))
	if err != nil {
		b.Fatal(err)
	}
	img := image.NewRGBA(taken.Image.Rect)
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			shade := taken.Image.GrayAt(x, y).Y
			img.SetRGBA(x, y, color.RGBA{shade, shade - shade/16, shade - shade/6, 255})
		}
	}
	return testpicture.JPEG(img, 85)
}

// usedCPU is how long the process has used a core.
func usedCPU(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
