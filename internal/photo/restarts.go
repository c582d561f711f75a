package photo

import (
	"bytes"
	"encoding/binary"
)

// restoreRestarts puts the restart markers of a baseline JPEG with one scan where they belong: it goes over the codes of the scan and
// counts the units of the picture. Nil: the file has none, is of another kind, or its codes are damaged.
func restoreRestarts(data []byte) []byte {
	s, ok := readCodedScan(data)
	if !ok || s.interval == 0 || s.units == 0 {
		return nil
	}
	restored := bytes.Clone(data[:s.start])
	r, from := codeReader{data: data, at: s.start}, s.start
	for unit := 1; unit <= s.units; unit++ {
		if !s.skipUnit(&r) {
			return nil
		}
		if unit%s.interval > 0 || unit == s.units {
			continue
		}
		r.align()
		number := byte((unit/s.interval - 1) % 8)
		restored = append(append(restored, data[from:r.at]...), 0xff, 0xd0+number)
		if r.at+2 <= len(data) && data[r.at] == 0xff && isRestart(data[r.at+1]) {
			r.at += 2
		}
		from = r.at
	}
	return append(restored, data[from:]...)
}

// codedScan is what is needed to go over the codes of the only scan of a baseline JPEG.
type codedScan struct {
	start, interval, units int
	blocks                 []codedBlock // of a unit
}

// codedBlock has the codes of a block: of its first coefficient and of the others.
type codedBlock struct{ first, others *huffman }

// readCodedScan reads the segments up to the scan; false when one of them is not as baseline JPEGs have it.
func readCodedScan(data []byte) (s codedScan, ok bool) {
	var frame []byte
	tables := map[byte]*huffman{}
	for i := 2; i+4 <= len(data) && data[i] == 0xff; {
		marker, length := data[i+1], int(binary.BigEndian.Uint16(data[i+2:]))
		if length < 2 || i+2+length > len(data) {
			return s, false
		}
		body := data[i+4 : i+2+length]
		i += 2 + length
		switch {
		case marker == 0xc4:
			readHuffman(body, tables)
		case marker == 0xc0 || marker == 0xc1:
			frame = body
		case marker == 0xdd && len(body) >= 2:
			s.interval = int(binary.BigEndian.Uint16(body))
		case marker == markerScan:
			s.start = i
			return s, s.addBlocks(frame, body, tables)
		}
	}
	return s, false
}

// addBlocks finds which blocks a unit has; false when the scan is not that of all components.
func (s *codedScan) addBlocks(frame, scan []byte, tables map[byte]*huffman) bool {
	if len(frame) < 9 || len(scan) < 3 || frame[5] == 0 || int(frame[5]) != int(scan[0]) || len(frame) < 6+3*int(frame[5]) || len(scan) < 1+2*int(scan[0]) {
		return false
	}
	most := [2]int{1, 1}
	for i := range int(frame[5]) {
		sampling, selected := frame[7+3*i], scan[2+2*i]
		block := codedBlock{tables[selected>>4], tables[0x10|selected&15]}
		if block.first == nil || block.others == nil || frame[6+3*i] != scan[1+2*i] {
			return false
		}
		horizontal, vertical := int(sampling>>4), int(sampling&15)
		if frame[5] == 1 {
			horizontal, vertical = 1, 1
		}
		if horizontal == 0 || vertical == 0 {
			return false // a unit of no blocks has no bits that would end with the data
		}
		most = [2]int{max(most[0], horizontal), max(most[1], vertical)}
		for range horizontal * vertical {
			s.blocks = append(s.blocks, block)
		}
	}
	height, width := int(binary.BigEndian.Uint16(frame[1:])), int(binary.BigEndian.Uint16(frame[3:]))
	s.units = (width + 8*most[0] - 1) / (8 * most[0]) * ((height + 8*most[1] - 1) / (8 * most[1]))
	return true
}

// skipUnit goes over the codes of one unit.
func (s codedScan) skipUnit(r *codeReader) bool {
	const coefficients, skipSixteen = 64, 0xf0
	for _, block := range s.blocks {
		if !r.skipBits(int(r.next(block.first))) {
			return false
		}
		for k := 1; k < coefficients; k++ {
			code := r.next(block.others)
			if code&15 == 0 && code != skipSixteen {
				break
			}
			k += int(code >> 4)
			if !r.skipBits(int(code & 15)) {
				return false
			}
		}
	}
	return !r.failed
}

// huffman is a table of codes: for each length of up to 16 bits the first code, how many there are, and where their values begin.
type huffman struct {
	first, count, begin [17]int
	values              []byte
}

// readHuffman reads the tables of a segment by their class and number.
func readHuffman(body []byte, tables map[byte]*huffman) {
	for len(body) >= 17 {
		table, code, total := &huffman{}, 0, 0
		for length := 1; length <= 16; length++ {
			count := int(body[length])
			table.first[length], table.count[length], table.begin[length] = code, count, total
			code, total = (code+count)<<1, total+count
		}
		if len(body) < 17+total {
			return
		}
		table.values = body[17 : 17+total]
		tables[body[0]] = table
		body = body[17+total:]
	}
}

// codeReader reads bits up to a marker.
type codeReader struct {
	data   []byte
	at     int  // of the next byte
	left   uint // bits of the byte before it
	failed bool
}

// bit is the next bit; 0 when there is none.
func (r *codeReader) bit() int {
	if r.left == 0 {
		stuffed := r.at+1 < len(r.data) && r.data[r.at] == 0xff
		if r.at >= len(r.data) || stuffed && r.data[r.at+1] != 0 {
			r.failed = true
			return 0
		}
		r.at++
		if stuffed {
			r.at++
		}
		r.left = 8
	}
	r.left--
	last := r.at - 1
	if r.data[last] == 0 && last > 0 && r.data[last-1] == 0xff { // a zero behind 0xff is no bit of the picture
		last--
	}
	return int(r.data[last]>>r.left) & 1
}

func (r *codeReader) skipBits(n int) bool {
	for range n {
		r.bit()
	}
	return !r.failed
}

// next is the value of the next code; 0 when there is none.
func (r *codeReader) next(table *huffman) byte {
	code := 0
	for length := 1; length <= 16; length++ {
		code = code<<1 | r.bit()
		if offset := code - table.first[length]; offset >= 0 && offset < table.count[length] {
			return table.values[table.begin[length]+offset]
		}
	}
	r.failed = true
	return 0
}

// align goes to the next whole byte.
func (r *codeReader) align() { r.left = 0 }
