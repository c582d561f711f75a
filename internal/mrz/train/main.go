// Train makes the weights with which docket reads letters of machine-readable zones: it draws letters from a font of OCR-B into
// internal/mrz/specimen/letters.png, draws lines of print with them as a camera would see them, has internal/mrz/letters cut them, and
// trains the network on what comes out. The same fonts, seed and count give the same weights.
//
//	train [-samples N] [-seed N] [-fonts FOLDER]
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

const (
	weightsFile = "internal/mrz/letters/weights.bin"
	sheetFile   = "internal/mrz/specimen/letters.png"
)

func main() {
	samples := flag.Int("samples", 2_500_000, "letters to learn from")
	seed := flag.Uint64("seed", 9303, "of the random numbers")
	fonts := flag.String("fonts", "", "folder with OCRB*.otf; without it the sheet of letters stays as it is")
	flag.Parse()
	if err := run(*fonts, *seed, *samples); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(fonts string, seed uint64, samples int) error {
	if fonts != "" {
		sheet, err := drawSheet(fonts)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.FromSlash(sheetFile), sheet, 0o644)
	}
	net := trainNet(seed, samples)
	return os.WriteFile(filepath.FromSlash(weightsFile), net.Encode(), 0o644)
}
