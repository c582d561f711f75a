package testpicture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"io"
	"slices"
)

// pngChunk is one chunk of a PNG.
func pngChunk(name string, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, name...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// PNGHeader is a PNG's first chunk, behind its magic bytes.
func PNGHeader(w, h uint32, depth, colour, interlace byte) []byte {
	size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	return append([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", append(size, depth, colour, 0, 0, interlace))...)
}

// BlackPNG is a PNG whose pixel data is length zero bytes, whatever its header says.
func BlackPNG(header []byte, length int64) []byte {
	comment := pngChunk("tEXt", make([]byte, 100))
	return slices.Concat(header, comment, pngChunk("IDAT", Zeros(length)), pngChunk("IEND", nil))
}

// WithChunk inserts a chunk behind a PNG's header.
func WithChunk(png []byte, name string, body []byte) []byte {
	const header = 8 + 25
	return slices.Concat(png[:header], pngChunk(name, body), png[header:])
}

type zero struct{}

func (zero) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// Zeros is length zero bytes, compressed by zlib.
func Zeros(length int64) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	if _, err := io.CopyN(z, zero{}, length); err != nil {
		panic(err)
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// Segment is one segment of a JPEG.
func Segment(marker byte, body ...byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(2+len(body))), body...)
}

// jpegFrame is a JPEG's header: 0xc0 is baseline, 0xc2 progressive.
func jpegFrame(marker byte, w, h uint16, components int) []byte {
	body := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16([]byte{8}, h), w)
	body = append(body, byte(components))
	for i := range components {
		body = append(body, byte(i+1), 0x11, 0)
	}
	return slices.Concat([]byte{0xff, 0xd8}, Segment(0xdb, make([]byte, 65)...), Segment(marker, body...))
}

// ProgressiveJPEG is a grey JPEG with further scans, each of a few bytes that cover all blocks.
func ProgressiveJPEG(side uint16, scans int) []byte {
	blocks := (int(side) + 7) / 8 * ((int(side) + 7) / 8)
	counts := append([]byte{1}, make([]byte, 15)...)
	b := slices.Concat(
		jpegFrame(0xc2, side, side, 1),
		Segment(0xc4, append(append([]byte{0x00}, counts...), 0x00)...), // DC: one bit says "no difference"
		Segment(0xc4, append(append([]byte{0x10}, counts...), 0xe0)...), // AC: 15 bits say "16384 empty blocks"
		Segment(0xda, 1, 1, 0, 0, 0, 0), make([]byte, blocks/8+1),
	)
	for range scans {
		b = slices.Concat(b, Segment(0xda, 1, 1, 0, 1, 63, 0), make([]byte, (blocks/16384+1)*15/8+1))
	}
	return append(b, 0xff, 0xd9)
}

// RefinedJPEG is a JPEG of three components, baseline (marker 0xc0) or progressive (0xc2), with so many scans, each of which goes
// over all blocks of one component.
func RefinedJPEG(marker byte, side uint16, scans int) []byte {
	blocks := (int(side) + 7) / 8 * ((int(side) + 7) / 8)
	counts := append([]byte{1}, make([]byte, 15)...)
	symbol, spectrum, length := byte(0xe0), []byte{1, 63, 0x10}, (blocks/16384+1)*15/8+1 // 15 bits say "16384 empty blocks"
	if marker == 0xc0 {
		symbol, spectrum, length = 0, []byte{0, 63, 0}, blocks/4+1 // a bit says "no difference", another that the block ends
	}
	b := slices.Concat(
		jpegFrame(marker, side, side, 3),
		Segment(0xc4, append(append([]byte{0x00}, counts...), 0x00)...),
		Segment(0xc4, append(append([]byte{0x10}, counts...), symbol)...),
	)
	for i := range scans {
		b = slices.Concat(b, Segment(0xda, append([]byte{1, byte(i%3 + 1), 0}, spectrum...)...), make([]byte, length))
	}
	return append(b, 0xff, 0xd9)
}

// NoRestart is no restart marker.
const NoRestart = 0xff

// RestartJPEG is a grey JPEG with a restart marker after each row of blocks; number says which one stands behind a row, 0 to 7.
func RestartJPEG(side uint16, number func(row int) byte) []byte {
	blocks := (int(side) + 7) / 8
	counts := append([]byte{1}, make([]byte, 15)...)
	b := slices.Concat(
		jpegFrame(0xc0, side, side, 1),
		Segment(0xc4, append(append([]byte{0x00}, counts...), 0x00)...), // DC: one bit says "no difference"
		Segment(0xc4, append(append([]byte{0x10}, counts...), 0x00)...), // AC: one bit says that the block ends
		Segment(0xdd, byte(blocks>>8), byte(blocks)), Segment(0xda, 1, 1, 0, 0, 63, 0),
	)
	for row := range blocks {
		b = append(b, make([]byte, (2*blocks+7)/8)...)
		if n := number(row); row < blocks-1 && n != NoRestart {
			b = append(b, 0xff, 0xd0+n)
		}
	}
	return append(b, 0xff, 0xd9)
}
