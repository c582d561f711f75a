// Command turn makes the table of internal/face of a cascade of OpenCV: "make faces". It reads the file that Debian's package
// opencv-data installs, and writes the table and the cascade's licence beside it.
package main

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: turn CASCADE.xml DIRECTORY")
		os.Exit(2)
	}
	if err := turn(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func turn(from, directory string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	_, licence, found := bytes.Cut(content, []byte("<!--"))
	licence, _, ended := bytes.Cut(licence, []byte("-->"))
	if !found || !ended {
		return errors.New(from + " has no licence in a comment")
	}
	table, err := encodeCascade(content)
	if err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	return errors.Join(
		os.WriteFile(filepath.Join(directory, "frontalface.bin"), table, 0o644),
		os.WriteFile(filepath.Join(directory, "frontalface.license.txt"), append(bytes.TrimSpace(licence), '\n'), 0o644),
	)
}

// storage is what is read of a cascade.
type storage struct {
	Cascade struct {
		Width  int `xml:"width"`
		Height int `xml:"height"`
		Stages []struct {
			Least float32  `xml:"stageThreshold"`
			Tests []inFile `xml:"weakClassifiers>_"`
		} `xml:"stages>_"`
		Features []struct {
			Rectangles []string `xml:"rects>_"`
			Tilted     int      `xml:"tilted"`
		} `xml:"features>_"`
	} `xml:"cascade"`
}

// inFile is a test: "0 -1 FEATURE LIMIT", and what it adds below the limit and otherwise.
type inFile struct {
	Nodes string `xml:"internalNodes"`
	Sums  string `xml:"leafValues"`
}

func encodeCascade(content []byte) ([]byte, error) {
	var read storage
	if err := xml.Unmarshal(content, &read); err != nil {
		return nil, err
	}
	var table bytes.Buffer
	for _, s := range read.Cascade.Stages {
		write(&table, uint16(len(s.Tests)), s.Least)
		for _, t := range s.Tests {
			node, sums := readNumbers(t.Nodes), readNumbers(t.Sums)
			if len(node) != 4 || node[0] != 0 || node[1] != -1 || len(sums) != 2 || int(node[2]) >= len(read.Cascade.Features) {
				return nil, fmt.Errorf("a test with more than one node: %q", t.Nodes)
			}
			feature := read.Cascade.Features[int(node[2])]
			if feature.Tilted != 0 || len(feature.Rectangles) > 3 {
				return nil, errors.New("a feature that is turned, or of more than three rectangles")
			}
			for i := range 3 {
				r := make([]float64, 5)
				if i < len(feature.Rectangles) {
					r = readNumbers(feature.Rectangles[i])
				}
				write(&table, uint8(r[0]), uint8(r[1]), uint8(r[2]), uint8(r[3]), int8(r[4]))
			}
			write(&table, float32(node[3]), float32(sums[0]), float32(sums[1]))
		}
	}
	if read.Cascade.Width != 24 || read.Cascade.Height != 24 || table.Len() == 0 {
		return nil, errors.New("not a cascade of 24 × 24 pixels")
	}
	return table.Bytes(), nil
}

func write(table *bytes.Buffer, values ...any) {
	for _, value := range values {
		if err := binary.Write(table, binary.LittleEndian, value); err != nil {
			panic(err) // a buffer takes every number
		}
	}
}

// readNumbers reads numbers with spaces between them; what is none is left out.
func readNumbers(text string) (numbers []float64) {
	for word := range strings.FieldsSeq(text) {
		if number, err := strconv.ParseFloat(word, 64); err == nil {
			numbers = append(numbers, number)
		}
	}
	return numbers
}
