// Package photo reads photos that users send. It trusts only the bytes: what is not a JPEG or PNG of a sensible size is
// refused before a pixel is decoded. What is stored is encoded again, without the place where the photo was taken and
// without anything hidden in the file.
package photo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"time"
)

const (
	// LongestSide bounds what is stored. A passport page that fills 60 % of it has 360 pixels to the inch, and a letter of
	// its machine-readable zone 40 pixels: finer print was not in the photo either.
	LongestSide = 3000

	// quality keeps small print free of halos; 90 would take half as much space again.
	quality = 85

	// readTimeout bounds the work for one picture. A photo of 40 megapixels takes two seconds of a core.
	readTimeout = 20 * time.Second
)

// Picture is a photo that is safe to store and to show.
type Picture struct {
	JPEG          []byte // upright, at most LongestSide, without metadata
	Width, Height int    // of JPEG
	Previews      Previews
	Signals       Signals
}

// Read makes a Picture of what was uploaded, and has look, unless it is nil, see it upright, at most LongestSide, while it is in memory. It
// refuses with one of this package's errors. It waits until there is memory: MaxReads pictures are decoded at once, and only one that takes
// much memory. It returns the context's error when the context ends first.
func Read(ctx context.Context, data []byte, look func(context.Context, image.Image)) (Picture, error) {
	head, err := inspectHeader(data)
	if err != nil {
		return Picture{}, err
	}
	release, err := acquireMemory(ctx, head.bytes)
	if err != nil {
		return Picture{}, err
	}
	defer release()
	limited, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	p, err := readPicture(limited, data, head, look)
	if err != nil && ctx.Err() != nil {
		return Picture{}, context.Cause(ctx)
	}
	return p, err
}

func readPicture(ctx context.Context, data []byte, head header, look func(context.Context, image.Image)) (_ Picture, err error) {
	defer recoverDecoder(&err)
	decoded, err := decodeMended(ctx, data, head.kind)
	if err != nil {
		return Picture{}, decoderError(err)
	}
	turn := readOrientation(data, head.kind)
	kept := turnUpright(decoded, turn)
	if ctx.Err() != nil {
		return Picture{}, fmt.Errorf("%w: %w", ErrBroken, ctx.Err())
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, kept, &jpeg.Options{Quality: quality}); err != nil {
		return Picture{}, fmt.Errorf("encode picture: %w", err)
	}
	previews, err := makePreviews(kept)
	if err != nil {
		return Picture{}, err
	}
	signals := measureSignals(kept)
	size := turn.size(decoded.Bounds().Size())
	signals.Width, signals.Height = size.X, size.Y
	signals.SHA256 = sha256.Sum256(data)
	if look != nil {
		look(ctx, kept)
	}
	return Picture{out.Bytes(), kept.Bounds().Dx(), kept.Bounds().Dy(), previews, signals}, nil
}

// recoverDecoder turns a decoder's panic into ErrBroken.
func recoverDecoder(err *error) {
	if cause := recover(); cause != nil {
		*err = fmt.Errorf("%w: panic: %v", ErrBroken, cause)
	}
}

// decodeMended decodes what can be mended, a JPEG at the second attempt with restart markers that are put where they belong.
func decodeMended(ctx context.Context, data []byte, k kind) (image.Image, error) {
	mended := mendFile(data, k)
	decoded, err := decodePicture(&contextReader{ctx: ctx, r: bytes.NewReader(mended)}, k)
	if err == nil || k != kindJPEG || ctx.Err() != nil {
		return decoded, err
	}
	restored := restoreRestarts(mended)
	if restored == nil {
		return nil, err
	}
	return decodePicture(&contextReader{ctx: ctx, r: bytes.NewReader(restored)}, k)
}

func decodePicture(r *contextReader, k kind) (image.Image, error) {
	switch k {
	case kindJPEG:
		return jpeg.Decode(r)
	case kindPNG:
		return png.Decode(r)
	}
	return nil, errors.New("neither JPEG nor PNG")
}
