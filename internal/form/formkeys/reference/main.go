// Command reference writes the reference of every key of a form file into a page: go run ./internal/form/formkeys/reference docs/forms.md
package main

import (
	"fmt"
	"os"

	"docket/internal/form/formkeys"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: reference PAGE")
		os.Exit(2)
	}
	if err := update(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "reference:", err)
		os.Exit(1)
	}
}

func update(path string) error {
	page, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	updated, err := formkeys.UpdateReference(page)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, updated, 0o644)
}
