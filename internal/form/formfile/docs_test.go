package formfile_test

import (
	"os"
	"strings"
	"testing"

	"docket/internal/form/formfile"
)

func TestDocs_FormExample(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(readme), "```yaml\n")
	example, _, closed := strings.Cut(after, "```")
	if !found || !closed {
		t.Fatal("README.md shows no form")
	}
	if _, err := formfile.Parse([]byte(example)); err != nil {
		t.Errorf("the form of README.md: %v", err)
	}
}
