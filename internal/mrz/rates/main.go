// Rates measures how well machine-readable zones are read from photos that are drawn, whose text is known, and writes the table of
// docs/evidence.md. The same program gives the same table, but for the times.
//
//	rates [-photos N] [-only PATTERN] [-seed N] [-seeds N] [-wrong] [FILE]
//	rates -read PICTURE...
//
// The second form says what is read of pictures of one's own, of whole documents or of single lines. The first ends with status 1 when a zone or a name was sure, but wrong.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
)

func main() {
	photos := flag.Int("photos", 12, "of each set")
	only := flag.String("only", "", "regular expression of the names of sets")
	seed := flag.Uint64("seed", 20, "of the random numbers; that of the table is for the table alone, tune the reader with others")
	seeds := flag.Uint64("seeds", 1, "how many seeds, from that one on")
	wrong := flag.Bool("wrong", false, "show what was read wrong")
	read := flag.Bool("read", false, "say what is read of these pictures, JPEG or PNG")
	flag.Parse()
	if *read {
		if err := readPictures(context.Background(), os.Stdout, flag.Args()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if err := run(*photos, *seed, *seeds, *only, *wrong, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(photos int, seed, seeds uint64, only string, wrong bool, file string) error {
	named, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	var table bytes.Buffer
	table.WriteString(head)
	var all counts
	for _, s := range sets() {
		if !named.MatchString(s.name) {
			continue
		}
		var log io.Writer
		if wrong {
			log = os.Stdout
		}
		var counted counts
		for k := range seeds {
			of, err := s.measure(context.Background(), photos, seed+k, log)
			if err != nil {
				return err
			}
			counted.add(of)
		}
		row := counted.row(s.name)
		fmt.Print(row)
		table.WriteString(row)
		all.add(counted)
	}
	total := all.row("all of these")
	fmt.Print(total)
	table.WriteString(total)
	if file != "" {
		if err := replaceTable(file, table.String()); err != nil {
			return err
		}
	}
	if all.sureWrong+all.nameWrong > 0 {
		return fmt.Errorf("%d zones and %d names were sure, but wrong", all.sureWrong, all.nameWrong)
	}
	return nil
}

const (
	begin = "<!-- table of go run ./internal/mrz/rates -->\n"
	end   = "<!-- end of table -->\n"
)

// replaceTable writes the table between two marks in a file.
func replaceTable(file, table string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(content), begin)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		return errors.New(file + " has no marks for the table")
	}
	return os.WriteFile(file, []byte(before+begin+"\n"+table+"\n"+end+after), 0o644)
}
