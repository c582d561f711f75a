package photo

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"slices"
)

type kind int

const (
	kindJPEG kind = iota + 1
	kindPNG
)

// header is what can be read of a picture without decoding it.
type header struct {
	kind   kind
	config image.Config
	bytes  int // that decoding takes
}

const (
	pngMagic  = "\x89PNG\r\n\x1a\n"
	jpegMagic = "\xff\xd8\xff"
)

// inspectHeader refuses what can be refused without decoding, so that a few bytes that claim many pixels cost nothing.
func inspectHeader(data []byte) (header, error) {
	switch {
	case len(data) < MinBytes:
		return header{}, fmt.Errorf("%w: %d bytes", ErrEmpty, len(data))
	case len(data) > MaxBytes:
		return header{}, fmt.Errorf("%w: %d", ErrTooLarge, len(data))
	}
	k, err := detectKind(data)
	if err != nil {
		return header{}, err
	}
	head := header{kind: k}
	if k == kindJPEG {
		head.config, err = jpeg.DecodeConfig(bytes.NewReader(data))
	} else if head.config, err = png.DecodeConfig(bytes.NewReader(data)); err != nil {
		head.config, err = png.DecodeConfig(bytes.NewReader(mendPNG(data)))
	}
	if err != nil {
		return header{}, decoderError(err)
	}
	head.bytes, err = head.memoryNeeded(data)
	return head, err
}

// decoderError tells a JPEG whose coding Go does not have from a picture that is broken.
func decoderError(err error) error {
	if _, unsupported := errors.AsType[jpeg.UnsupportedError](err); unsupported {
		return fmt.Errorf("%w: %w", ErrCoding, err)
	}
	return fmt.Errorf("%w: %w", ErrBroken, err)
}

func detectKind(data []byte) (kind, error) {
	switch {
	case bytes.HasPrefix(data, []byte(jpegMagic)):
		return kindJPEG, nil
	case bytes.HasPrefix(data, []byte(pngMagic)):
		return kindPNG, nil
	case string(data[4:8]) == "ftyp" && slices.Contains(heifBrands, string(data[8:12])):
		return 0, ErrHEIC
	}
	return 0, ErrType
}

// heifBrands lists the brands of ISO/IEC 23008-12 and of AVIF.
var heifBrands = []string{"heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "mif2", "msf1", "heif", "avif", "avis"}

// memoryNeeded returns how many bytes decoding takes.
func (h header) memoryNeeded(data []byte) (bytes int, err error) {
	w, height := h.config.Width, h.config.Height
	switch {
	case w < MinSide || height < MinSide:
		return 0, fmt.Errorf("%w: %d × %d", ErrFewPixels, w, height)
	case w > MaxSide || height > MaxSide || w*height > MaxPixels:
		return 0, fmt.Errorf("%w: %d × %d", ErrManyPixels, w, height)
	}
	if h.kind == kindJPEG {
		bytes, err = readSegments(data).memoryNeeded(w * height)
	} else {
		bytes, err = h.memoryOfPNG(data)
	}
	if err == nil && bytes > maxMemory {
		err = fmt.Errorf("%w: %d × %d take %d bytes", ErrManyPixels, w, height, bytes)
	}
	return bytes, err
}

// memoryOfPNG is the most that the decoder takes. An interlaced PNG keeps its passes until the end.
func (h header) memoryOfPNG(data []byte) (int, error) {
	if countChunks(data) > maxChunks {
		return 0, fmt.Errorf("%w: too many chunks", ErrBroken)
	}
	const depth, interlace = 24, 28
	perPixel := 4
	if data[depth] == 16 {
		perPixel = 8
	}
	if data[interlace] != 0 {
		perPixel += perPixel / 2
	}
	return h.config.Width * h.config.Height * perPixel, nil
}

// countChunks goes over the chunks of a PNG as the decoder does.
func countChunks(data []byte) (chunks int) {
	const around = 12 // length, name and sum
	for i := len(pngMagic); i+around <= len(data); chunks++ {
		i += around + int(min(binary.BigEndian.Uint32(data[i:]), MaxBytes)) // a longer one is not all there
	}
	return chunks
}
