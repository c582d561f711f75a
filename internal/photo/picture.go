// Package photo reads a photo that a stranger sent. It believes nothing but the bytes: what is not a JPEG or PNG of a
// sensible size is refused before a pixel is decoded, and what is kept is encoded anew, so that neither the place where
// the photo was taken nor anything hidden behind it survives.
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
	// LongestSide bounds what is kept. A passport page that fills 60 % of it has 360 pixels to the inch, and a letter of
	// its machine-readable zone 40 pixels: finer print was not in the photo either.
	LongestSide = 3000

	// quality keeps small print free of halos; 90 would take half as much space again.
	quality = 85

	// patience bounds the work for one picture. A photo of 40 megapixels takes two seconds of a core.
	patience = 20 * time.Second
)

// Picture is a photo that is safe to keep and to show.
type Picture struct {
	JPEG          []byte // upright, at most LongestSide, without metadata
	Width, Height int    // of JPEG
	Signals       Signals
}

// Read makes a Picture of what was uploaded. It refuses with one of this package's errors, and waits its turn: only so
// many pictures as there are cores, never more than two, and only one that is large to decode are in memory at once. It returns the context's error when
// the context ends first.
func Read(ctx context.Context, data []byte) (Picture, error) {
	head, err := inspect(data)
	if err != nil {
		return Picture{}, err
	}
	leave, err := enter(ctx, head.bytes)
	if err != nil {
		return Picture{}, err
	}
	defer leave()
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	p, err := read(limited, data, head)
	if err != nil && ctx.Err() != nil {
		return Picture{}, context.Cause(ctx)
	}
	return p, err
}

// read turns a decoder's panic into a refusal: the picture is broken, docket is not.
func read(ctx context.Context, data []byte, head header) (p Picture, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			p, err = Picture{}, fmt.Errorf("%w: panic: %v", ErrBroken, cause)
		}
	}()
	decoded, err := decode(&paced{ctx: ctx, r: bytes.NewReader(data)}, head.kind)
	if err != nil {
		return Picture{}, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	turn := orientation(data, head.kind)
	kept := upright(decoded, turn)
	if ctx.Err() != nil {
		return Picture{}, fmt.Errorf("%w: %w", ErrBroken, ctx.Err())
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, kept, &jpeg.Options{Quality: quality}); err != nil {
		return Picture{}, fmt.Errorf("encode picture: %w", err)
	}
	signals := measure(kept)
	size := turn.size(decoded.Bounds().Size())
	signals.Width, signals.Height = size.X, size.Y
	signals.SHA256 = sha256.Sum256(data)
	return Picture{JPEG: out.Bytes(), Width: kept.Bounds().Dx(), Height: kept.Bounds().Dy(), Signals: signals}, nil
}

func decode(r *paced, k kind) (image.Image, error) {
	switch k {
	case kindJPEG:
		return jpeg.Decode(r)
	case kindPNG:
		return png.Decode(r)
	}
	return nil, errors.New("neither JPEG nor PNG")
}
