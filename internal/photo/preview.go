package photo

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"slices"

	"golang.org/x/image/draw"

	"docket/internal/grey"
)

// The sizes of previews: the longer side in pixels. A small one fills a thumbnail, a large one half of a screen, and a very large one a
// screen.
const (
	SmallPreview = 480
	LargePreview = 1000
	HugePreview  = 1600
)

// PreviewSizes are the longer sides of previews in pixels, smallest first. None is larger than the picture: the preview that would be
// has its pixels, and the sizes above it are left out.
var PreviewSizes = []int{SmallPreview, LargePreview, HugePreview}

// previewQuality is enough to read a document; who wants to see more opens the picture itself.
const previewQuality = 68

// Previews are JPEGs of one picture by their size.
type Previews map[int][]byte

// SizesOf returns those PreviewSizes that a picture has whose longer side has so many pixels.
func SizesOf(longest int) []int {
	last := slices.IndexFunc(PreviewSizes, func(size int) bool { return size >= longest })
	if last < 0 {
		return PreviewSizes
	}
	return PreviewSizes[:last+1]
}

// ReadPreviews makes the previews of a picture that Read has made. It waits as Read does.
func ReadPreviews(ctx context.Context, data []byte) (previews Previews, err error) {
	head, err := inspectHeader(data)
	if err != nil {
		return nil, err
	}
	release, err := acquireMemory(ctx, head.bytes)
	if err != nil {
		return nil, err
	}
	defer release()
	defer recoverDecoder(&err)
	decoded, err := decodePicture(&contextReader{ctx: ctx, r: bytes.NewReader(data)}, head.kind)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	return makePreviews(decoded)
}

// makePreviews shrinks each preview from the one above it: in steps of about two, so that no pixel is skipped.
func makePreviews(img image.Image) (Previews, error) {
	previews := Previews{}
	size := img.Bounds().Size()
	for _, side := range slices.Backward(SizesOf(max(size.X, size.Y))) {
		img = scaleDown(img, side)
		var out bytes.Buffer
		if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: previewQuality}); err != nil {
			return nil, fmt.Errorf("encode preview: %w", err)
		}
		previews[side] = out.Bytes()
	}
	return previews, nil
}

// scaleDown returns a picture whose longer side has at most so many pixels.
func scaleDown(img image.Image, longest int) image.Image {
	from := img.Bounds().Size()
	to := grey.FitSize(from, longest)
	if to == from {
		return img
	}
	dst := image.NewRGBA(image.Rectangle{Max: to})
	draw.ApproxBiLinear.Scale(dst, dst.Bounds(), img, img.Bounds(), draw.Src, nil)
	return dst
}
