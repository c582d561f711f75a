package cli

import (
	"fmt"
	"io"

	"docket/internal/form/formdiff"
	"docket/internal/i18n"
)

type formDiff struct {
	Old    string `arg:"" type:"existingfile" help:"The form file that is in use."`
	New    string `arg:"" type:"existingfile" help:"The form file that takes its place."`
	FailOn string `enum:"breaking,never" default:"never" help:"breaking: exit 1 when programs that work with the old form may be refused by the new one. never: the default."`
}

// Help implements kong.HelpProvider.
func (formDiff) Help() string {
	return "Breaking is what the JSON interface may refuse of a program that works with the old form: a new required field, a field or an option that is gone, " +
		"a condition, a limit or a check that refuses more, a reason that is gone."
}

func (c formDiff) Run(out io.Writer) error {
	before, err := loadFormFile(c.Old, out)
	if err != nil {
		return err
	}
	after, err := loadFormFile(c.New, out)
	if err != nil {
		return err
	}
	changes := formdiff.Compare(before, after)
	printChanges(out, changes)
	if c.FailOn == "breaking" && formdiff.Breaks(changes) {
		return errReported
	}
	return nil
}

// printChanges prints changes in English, for one audience after the other.
func printChanges(out io.Writer, changes []formdiff.Change) {
	words := i18n.Of(i18n.Source)
	if len(changes) == 0 {
		fmt.Fprintln(out, words.T("formdiff.nothing"))
	}
	for _, audience := range formdiff.Audiences() {
		heading := words.T("formdiff." + string(audience))
		for _, change := range changes {
			if change.For != audience {
				continue
			}
			if heading != "" {
				fmt.Fprintln(out, heading)
				heading = ""
			}
			mark := "  "
			if change.Breaking {
				mark = "! "
			}
			fmt.Fprintln(out, mark+change.Words(words))
		}
	}
}
