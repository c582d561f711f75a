package photo

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"iter"
)

// mendFile is a file with the faults mended that other programs overlook, and that say nothing of the pixels: a JPEG without the marker of
// its end, or with restart markers that are counted wrongly; a PNG without its last chunk, or with chunks that decoding does not need and
// that are damaged. Everything else of it stays.
func mendFile(data []byte, k kind) []byte {
	if k == kindPNG {
		return mendPNG(data)
	}
	return mendJPEG(data)
}

// mendJPEG ends the file, and counts the restart markers of each scan anew.
func mendJPEG(data []byte) []byte {
	mended := append(bytes.Clone(data), 0xff, markerEnd)
	next := byte(0)
	for i := 2; i+1 < len(mended); i++ {
		switch marker := mended[i+1]; {
		case mended[i] != 0xff:
		case isRestart(marker):
			mended[i+1] = 0xd0 + next
			next = (next + 1) % 8
			i++
		case marker == markerEnd:
			return mended
		case marker != 0 && marker != 0xff && i+4 <= len(mended):
			next = 0
			i += 1 + int(binary.BigEndian.Uint16(mended[i+2:]))
		}
	}
	return mended
}

// mendPNG keeps the chunks that the decoder needs.
func mendPNG(data []byte) []byte {
	mended := []byte(pngMagic)
	for c := range chunksOf(data) {
		switch c.name {
		case "IHDR", "PLTE", "IDAT": // whether these are whole, their sums say
			mended = append(mended, c.whole...)
		case "tRNS":
			mended = appendChunk(mended, c.name, c.body)
		}
	}
	return appendChunk(mended, "IEND", nil)
}

// chunk is a part of a PNG: whole has its length, its name and its sum, too.
type chunk struct {
	name        string
	body, whole []byte
}

// chunksOf goes over the chunks of a PNG that are all there, up to the last.
func chunksOf(data []byte) iter.Seq[chunk] {
	const head, sum = 8, 4
	return func(yield func(chunk) bool) {
		for rest := bytes.TrimPrefix(data, []byte(pngMagic)); len(rest) >= head+sum; {
			length := int(binary.BigEndian.Uint32(rest))
			if length > len(rest)-head-sum || string(rest[4:8]) == "IEND" {
				return
			}
			if !yield(chunk{string(rest[4:8]), rest[head : head+length], rest[:head+length+sum]}) {
				return
			}
			rest = rest[head+length+sum:]
		}
	}
}

func appendChunk(file []byte, name string, body []byte) []byte {
	file = binary.BigEndian.AppendUint32(file, uint32(len(body)))
	from := len(file)
	file = append(append(file, name...), body...)
	return binary.BigEndian.AppendUint32(file, crc32.ChecksumIEEE(file[from:]))
}
