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

// BenchmarkUpload_Photo is a photo of a passport as it is uploaded, with what reads it. cpu-ms/op is what it takes of a core, whatever else runs.
func BenchmarkUpload_Photo(b *testing.B) {
	data := passportFile(b)
	for _, c := range []struct {
		name    string
		readers []string
	}{
		{"stored", nil},
		{"zone", []string{evidence.MRZ}},
		{"faces", []string{evidence.Faces}},
		{"code", []string{evidence.QR}},
		{"all", []string{evidence.MRZ, evidence.Faces, evidence.QR}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			began := usedCPU(b)
			for b.Loop() {
				_, err := photo.Read(b.Context(), data, func(ctx context.Context, img image.Image) {
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
