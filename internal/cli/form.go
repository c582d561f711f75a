package cli

import (
	"errors"
	"fmt"
	"io"
	"os"

	"docket/internal/form/formfile"
	"docket/internal/form/formkeys"
	"docket/internal/form/starter"
)

type formCheck struct {
	localeOptions
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
	reportMissingWords(out, f)
	for _, place := range formfile.PlainLinks(f) {
		fmt.Fprintf(out, "note: %s shows no links: its link stands there as it is written; put it into the help, or into the label of a checkbox\n", place)
	}
	return nil
}

type formSchema struct{}

func (formSchema) Run(out io.Writer) error {
	_, err := out.Write(formkeys.WriteSchema())
	return err
}

type formNew struct {
	Name     string `arg:"" help:"The form's name: lower-case letters, digits and dashes."`
	From     string `enum:"starter,approval,refund,access,merchant,leave,kyc" default:"starter" help:"What to begin with: starter (the default), which shows every key; approval, by which AI agents ask for a person's approval; or a whole system: refund, access, merchant, leave or kyc."`
	Language string `enum:"en,vi," default:"" help:"The one language of its texts: en or vi. Default: all that the form is written in."`
}

func (c formNew) Run(out io.Writer) error {
	text, err := starter.Text(c.Name, c.From, c.Language)
	if errors.Is(err, starter.ErrLanguage) {
		return fmt.Errorf("the form %s is not written in %q; leave out --language", c.From, c.Language)
	}
	if err != nil {
		return err
	}
	path := c.Name + ".yaml"
	if err := writeNew(path, text); err != nil {
		return fmt.Errorf("write the form: %w", err)
	}
	if err := writeNew(formkeys.SchemaFile, formkeys.WriteSchema()); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("write the JSON Schema of forms: %w", err)
	}
	fmt.Fprintf(out, "%s was created. Edit it, then run: docket dev --form %s --dir .%s\n", path, path, c.Name)
	return nil
}

// writeNew writes a file that must not exist yet.
func writeNew(path string, text []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	if _, err := file.Write(text); err != nil {
		return errors.Join(err, file.Close())
	}
	return file.Close()
}
