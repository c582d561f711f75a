package photo

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// segments is what the segments of a JPEG say, whose pixels are not decoded.
type segments struct {
	progressive bool
	scans       int
	exif        []byte // the TIFF block of the first EXIF segment; nil: there is none
	components  []component
	converted   bool // is no YCbCr, and becomes another picture when it is decoded
}

// component is how often one component is sampled in a unit of the picture.
type component struct{ id, horizontal, vertical int }

// The markers of segments.
const (
	markerProgressive = 0xc2
	markerScan        = 0xda
	markerEnd         = 0xd9
	markerEXIF        = 0xe1
	markerAdobe       = 0xee
)

// readSegments goes over the segments as the decoder does.
func readSegments(data []byte) (s segments) {
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
		case marker == markerEnd:
			return s
		case marker == 0xff: // a fill byte
			i++
		case marker == 0, isRestart(marker): // a byte of a scan
			i += 2
		default:
			length := int(binary.BigEndian.Uint16(data[i+2:]))
			s.add(marker, data[i+4:min(len(data), max(i+4, i+2+length))])
			i += 2 + length
		}
	}
	return s
}

func isRestart(marker byte) bool { return marker >= 0xd0 && marker <= 0xd7 }

// add takes note of one segment.
func (s *segments) add(marker byte, body []byte) {
	tiff, isEXIF := bytes.CutPrefix(body, []byte("Exif\x00"))
	switch {
	case marker == markerScan:
		s.scans++
	case marker == markerEXIF && isEXIF && s.exif == nil && s.scans == 0 && len(tiff) > 0:
		s.exif = tiff[1:]
	case marker == markerAdobe && bytes.HasPrefix(body, []byte("Adobe")) && len(body) >= 12:
		s.converted = s.converted || body[11] == 0
	case marker >= 0xc0 && marker <= markerProgressive && len(body) > 6 && s.components == nil:
		s.progressive = marker == markerProgressive
		for rest := body[6:]; len(rest) >= 3; rest = rest[3:] {
			s.components = append(s.components, component{int(rest[0]), int(rest[1] >> 4), int(rest[1] & 15)})
		}
		s.converted = s.converted || len(s.components) == 4 || len(s.components) == 3 && s.components[0].id == 'R'
	}
}

// memoryNeeded is the most that decoding so many pixels takes: a byte a sample, and four more for the coefficients that a progressive
// JPEG keeps until the end.
func (s segments) memoryNeeded(pixels int) (bytes int, err error) {
	switch {
	case s.scans > maxScans:
		return 0, fmt.Errorf("%w: %d scans", ErrBroken, s.scans)
	case s.scans > maxScannedPixels/pixels:
		return 0, fmt.Errorf("%w: %d scans of %d", ErrManyPixels, s.scans, pixels)
	}
	bytes = s.samples(pixels)
	if s.progressive {
		bytes *= 1 + 4
	}
	if s.converted {
		bytes += 4 * pixels
	}
	return bytes, nil
}

// samples is how many samples so many pixels have. The decoder gives each pixel all of its own when the components are sampled in a way
// that no picture of Go has.
func (s segments) samples(pixels int) int {
	most, all := [2]int{1, 1}, 0
	for _, c := range s.components {
		most = [2]int{max(most[0], c.horizontal), max(most[1], c.vertical)}
		all += c.horizontal * c.vertical
	}
	if len(s.components) == 1 {
		return pixels
	}
	usual := len(s.components) == 3 && s.components[1].horizontal == s.components[2].horizontal && s.components[1].vertical == s.components[2].vertical &&
		most == [2]int{s.components[0].horizontal, s.components[0].vertical}
	if !usual {
		return max(3, len(s.components)) * pixels
	}
	return pixels * all / (most[0] * most[1])
}
