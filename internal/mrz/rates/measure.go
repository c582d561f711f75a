package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"syscall"
	"time"

	"docket/internal/mrz"
	"docket/internal/mrz/ocr"
	"docket/internal/mrz/specimen"
)

func widthName(width int) string { return fmt.Sprintf("%d pixels wide", width) }

// counts are what came of a set.
type counts struct {
	photos, found, lines, exactLines int
	held                             int // every check digit holds, perhaps after mending
	sure                             int
	sureWrong                        int           // sure, but not what is printed
	name, nameWrong                  int           // all of the name is sure, and is not what is printed
	numberWrong                      int           // the number's digit holds, but the number is another one
	spent, slowest                   time.Duration // of the processor
}

const head = `| photos | read at all | lines exact | every check digit holds | sure | sure, but wrong | name sure | name sure, but wrong | a wrong number that holds | time, slowest |
|---|---|---|---|---|---|---|---|---|---|
`

func (c counts) row(name string) string {
	percent := func(n, of int) string { return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(max(1, of))) }
	return fmt.Sprintf("| %s (%d) | %s | %s | %s | %s | %d | %s | %d | %d | %d, %d ms |\n", name, c.photos, percent(c.found, c.photos), percent(c.exactLines, c.lines),
		percent(c.held, c.photos), percent(c.sure, c.photos), c.sureWrong, percent(c.name, c.photos), c.nameWrong, c.numberWrong,
		c.spent.Milliseconds()/int64(max(1, c.photos)), c.slowest.Milliseconds())
}

// add adds what came of another set.
func (c *counts) add(other counts) {
	c.photos, c.found, c.lines, c.exactLines = c.photos+other.photos, c.found+other.found, c.lines+other.lines, c.exactLines+other.exactLines
	c.held, c.sure, c.sureWrong, c.numberWrong = c.held+other.held, c.sure+other.sure, c.sureWrong+other.sureWrong, c.numberWrong+other.numberWrong
	c.name, c.nameWrong = c.name+other.name, c.nameWrong+other.nameWrong
	c.spent, c.slowest = c.spent+other.spent, max(c.slowest, other.slowest)
}

// measure reads the photos of a set.
func (s set) measure(ctx context.Context, photos int, seed uint64, log io.Writer) (c counts, err error) {
	for i := range photos {
		photo, kind, err := s.take(i, seed)
		if err != nil {
			return c, err
		}
		if err := c.read(ctx, photo, kind, log); err != nil {
			return c, err
		}
	}
	return c, nil
}

// take draws a photo of a set.
func (s set) take(i int, seed uint64) (specimen.Photo, mrz.Size, error) {
	r := rand.New(rand.NewPCG(uint64(i), seed))
	conditions := specimen.Draw(r, s.widths[i%len(s.widths)], s.hard)
	s.change(r, &conditions)
	kind := s.kinds[i%len(s.kinds)]
	photo, err := specimen.Take(r, kind, conditions)
	return photo, kind, err
}

func (c *counts) read(ctx context.Context, photo specimen.Photo, kind mrz.Size, log io.Writer) error {
	img, err := jpeg.Decode(bytes.NewReader(photo.JPEG))
	if err != nil {
		return err
	}
	before := processorTime()
	zone, err := ocr.ReadPicture(ctx, img)
	spent := processorTime() - before
	c.photos++
	c.lines += len(photo.Lines)
	c.spent, c.slowest = c.spent+spent, max(c.slowest, spent)
	switch {
	case errors.Is(err, ocr.ErrNoZone):
	case err != nil:
		return err
	default:
		c.compare(zone, photo, kind)
	}
	if log != nil && !slices.Equal(zone.Lines, photo.Lines) {
		_, err = fmt.Fprintf(log, "%v sure %v %.2f\n  %s\n  %s\n", photo.Image.Rect.Size(), zone.Sure, zone.Confidence, strings.Join(zone.Lines, "\n  "), strings.Join(photo.Lines, "\n  "))
		return err
	}
	return nil
}

// processorTime is what this process has used, which other processes do not change much.
func processorTime() time.Duration {
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func (c *counts) compare(zone ocr.Zone, photo specimen.Photo, kind mrz.Size) {
	c.found++
	for i, line := range photo.Lines {
		if i < len(zone.Lines) && zone.Lines[i] == line {
			c.exactLines++
		}
	}
	if zone.MRZ.Wrong == nil {
		c.held++
	}
	if zone.Sure {
		c.sure++
		if !slices.Equal(zone.Lines, photo.Lines) {
			c.sureWrong++
		}
	}
	printed := mrz.ReadLines(kind, photo.Lines)
	if isNameSure(zone) {
		c.name++
		if zone.MRZ.Surname != printed.Surname || zone.MRZ.Given != printed.Given {
			c.nameWrong++
		}
	}
	if !slices.Contains(zone.MRZ.Wrong, mrz.Number) && zone.MRZ.Number != printed.Number {
		c.numberWrong++
	}
}

// isNameSure tells whether all of the name is proposed without a doubt.
func isNameSure(zone ocr.Zone) bool {
	return !slices.ContainsFunc(zone.Fields, func(f ocr.Field) bool { return (f.Name == mrz.Surname || f.Name == mrz.Given) && !f.Sure() })
}
