package cli

import (
	"errors"
	"fmt"
	"io"
	"os"

	"docket/internal/form/formfile"
)

type formCheck struct {
	File string `arg:"" type:"existingfile" help:"The form file."`
}

func (c formCheck) Run(out io.Writer) error {
	f, err := loadFormFile(c.File, out)
	if err != nil {
		return err
	}
	fields := 0
	for _, section := range f.Sections {
		fields += len(section.Fields)
	}
	fmt.Fprintf(out, "%s is valid: %s, %d fields, %d reasons\n", c.File, f.Title, fields, len(f.Reasons))
	return nil
}

type formNew struct {
	Name string `arg:"" help:"The form's name: lower-case letters, digits and dashes."`
	From string `enum:"starter,approval" default:"starter" help:"What to begin with: starter (the default), or approval, by which AI agents ask for a person's approval."`
}

func (c formNew) Run(out io.Writer) error {
	begin := formfile.Starter
	if c.From == "approval" {
		begin = formfile.Approval
	}
	text, err := begin(c.Name)
	if err != nil {
		return err
	}
	path := c.Name + ".yaml"
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("write the form: %w", err)
	}
	if _, err := file.Write(text); err != nil {
		return errors.Join(err, file.Close())
	}
	if err := file.Close(); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s was created. Edit it, then run: docket dev --form %s --dir .%s\n", path, path, c.Name)
	return nil
}
