package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/form/rules"
)

type rulesTest struct {
	localeOptions
	File string `arg:"" type:"existingfile" help:"The form file, with rules and examples."`
}

func (c rulesTest) Run(ctx context.Context, out io.Writer) error {
	f, err := loadFormFile(c.File, out)
	if err != nil {
		return err
	}
	wrong := 0
	for _, example := range f.Examples {
		if difference := rules.CheckExample(ctx, f, example); difference != "" {
			fmt.Fprintf(out, "%s:%d: %s: %s\n", c.File, example.Line, example.Name, difference)
			wrong++
		}
	}
	if wrong > 0 {
		fmt.Fprintf(out, "%d of %d examples are not as expected\n", wrong, len(f.Examples))
		return errReported
	}
	fmt.Fprintf(out, "%s: rules %d, examples %d, all as expected\n", c.File, len(f.Rules), len(f.Examples))
	return nil
}

// loadFormFile reads a form file and prints its mistakes, one per line.
func loadFormFile(path string, out io.Writer) (*form.Form, error) {
	f, err := formfile.Load(path)
	if mistakes, ok := errors.AsType[formfile.Mistakes](err); ok {
		for _, m := range mistakes {
			fmt.Fprintf(out, "%s:%d:%d: %s\n", path, m.Line, m.Column, m.Message)
		}
		return nil, errReported
	}
	return f, err
}
