package photo

import (
	"bytes"
	"encoding/binary"
)

// orientation is an EXIF orientation: 1 is upright, 2 to 4 mirror or turn by half, 5 to 8 exchange the sides.
type orientation uint16

// readOrientation reads how the camera was held. A picture whose EXIF is missing or broken counts as upright.
func readOrientation(data []byte, k kind) orientation {
	if k == kindJPEG {
		return orientationOf(readSegments(data).exif)
	}
	exif := []byte(nil)
	for c := range chunksOf(data) {
		if c.name == "eXIf" && exif == nil {
			exif = c.body
		}
	}
	return orientationOf(exif)
}

// orientationOf is the orientation in the first directory of a TIFF block. Only that entry is read, so that others may be as odd as they
// are.
func orientationOf(tiff []byte) orientation {
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case len(tiff) < 8:
		return 1
	case bytes.HasPrefix(tiff, []byte("MM")):
		order = binary.BigEndian
	case !bytes.HasPrefix(tiff, []byte("II")):
		return 1
	}
	const tag, entryBytes = 0x0112, 12
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 1
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < entryBytes {
			break
		}
		if order.Uint16(entries) == tag {
			return readOrientationEntry(entries[:entryBytes], order)
		}
		entries = entries[entryBytes:]
	}
	return 1
}

// readOrientationEntry takes a number of one, two or four bytes.
func readOrientationEntry(entry []byte, order binary.ByteOrder) orientation {
	const oneByte, twoBytes, fourBytes, signedTwo, signedFour = 1, 3, 4, 8, 9
	value := uint32(0)
	switch order.Uint16(entry[2:]) {
	case oneByte:
		value = uint32(entry[8])
	case twoBytes, signedTwo:
		value = uint32(order.Uint16(entry[8:]))
	case fourBytes, signedFour:
		value = order.Uint32(entry[8:])
	}
	if value < 1 || value > 8 {
		return 1
	}
	return orientation(value)
}
