package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // pictures may be of these kinds
	_ "image/png"
	"io"
	"os"
	"strings"

	"docket/internal/mrz/ocr"
)

// readPictures writes what is read of pictures whose text is not known: of each its name, the processor's time, whether every check digit
// holds, and the lines. A picture that is no zone is read as one line.
func readPictures(ctx context.Context, w io.Writer, names []string) error {
	for _, name := range names {
		img, err := decodeFile(name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		before := processorTime()
		zone, err := ocr.ReadPicture(ctx, img)
		spent := processorTime() - before
		said, lines := "every check digit holds", zone.Lines
		if err == nil && zone.MRZ.Wrong != nil {
			said = fmt.Sprint("wrong: ", zone.MRZ.Wrong)
		}
		if errors.Is(err, ocr.ErrNoZone) {
			var line ocr.Line
			line, err = ocr.ReadLine(ctx, img)
			said, lines = fmt.Sprintf("one line, %.2f, after %d ms more", line.Confidence, (processorTime()-before-spent).Milliseconds()), []string{line.Text}
		}
		if errors.Is(err, ocr.ErrNoZone) {
			said, lines, err = "nothing was read", nil, nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if _, err := fmt.Fprintln(w, strings.Join(append([]string{fmt.Sprintf("%s: %d ms, %s", name, spent.Milliseconds(), said)}, lines...), "\n  ")); err != nil {
			return err
		}
	}
	return nil
}

func decodeFile(name string) (image.Image, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	img, _, err := image.Decode(file)
	return img, err
}
