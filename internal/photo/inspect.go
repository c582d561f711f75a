package photo

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
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
	} else {
		head.config, err = png.DecodeConfig(bytes.NewReader(data))
	}
	if err != nil {
		return header{}, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	head.bytes, err = head.memoryNeeded(data)
	return head, err
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
	case h.config.ColorModel == color.CMYKModel:
		return 0, fmt.Errorf("%w: CMYK", ErrType)
	}
	perPixel, err := h.bytesPerPixel(data)
	if err == nil && w*height > maxMemory/perPixel {
		err = fmt.Errorf("%w: %d × %d at %d bytes", ErrManyPixels, w, height, perPixel)
	}
	return w * height * perPixel, err
}

// bytesPerPixel is the most that the decoder takes. A progressive JPEG keeps its coefficients, four bytes a sample, until
// the end; an interlaced PNG its passes.
func (h header) bytesPerPixel(data []byte) (int, error) {
	if h.kind == kindJPEG {
		progressive, scans := scanJPEG(data)
		switch pixels := h.config.Width * h.config.Height; {
		case scans > maxScans:
			return 0, fmt.Errorf("%w: %d scans", ErrBroken, scans)
		case scans > maxScannedPixels/pixels:
			return 0, fmt.Errorf("%w: %d scans of %d", ErrManyPixels, scans, pixels)
		}
		if progressive {
			return 3 * (1 + 4), nil
		}
		return 3, nil
	}
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
	return perPixel, nil
}

// scanJPEG goes over the segments as the decoder does, and counts the scans.
func scanJPEG(data []byte) (progressive bool, scans int) {
	for i := 2; i+4 <= len(data); {
		if data[i] != 0xff {
			next := bytes.IndexByte(data[i:], 0xff)
			if next < 0 {
				break
			}
			i += next
			continue
		}
		switch marker := data[i+1]; {
		case marker == 0xd9: // end of image
			return progressive, scans
		case marker == 0xff: // a fill byte
			i++
			continue
		case marker == 0, marker >= 0xd0 && marker <= 0xd7: // a byte of a scan, a restart
			i += 2
			continue
		case marker == 0xc2:
			progressive = true
		case marker == 0xda:
			scans++
		}
		i += 2 + int(binary.BigEndian.Uint16(data[i+2:]))
	}
	return progressive, scans
}

// countChunks goes over the chunks of a PNG as the decoder does.
func countChunks(data []byte) (chunks int) {
	const around = 12 // length, name and sum
	for i := len(pngMagic); i+around <= len(data); chunks++ {
		i += around + int(min(binary.BigEndian.Uint32(data[i:]), MaxBytes)) // a longer one is not all there
	}
	return chunks
}
