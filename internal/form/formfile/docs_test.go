package formfile_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"docket/internal/form"
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

func TestDocs_Fragments(t *testing.T) {
	t.Parallel()
	docs, err := os.ReadFile("../../../docs/forms.md")
	if err != nil {
		t.Fatal(err)
	}
	fragments := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(docs, -1)
	if len(fragments) == 0 {
		t.Fatal("docs/forms.md shows no fragment of a form")
	}
	for _, fragment := range fragments {
		var node yaml.Node
		if err := yaml.Unmarshal(fragment[1], &node); err != nil {
			t.Errorf("docs/forms.md shows what is not YAML: %v\n%s", err, fragment[1])
		}
	}
}

func TestDocs_FieldTypes(t *testing.T) {
	t.Parallel()
	docs, err := os.ReadFile("../../../docs/forms.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(docs), "## Types of field\n")
	section, _, _ := strings.Cut(after, "\n## ")
	var listed []form.Type
	for _, row := range regexp.MustCompile("(?m)^\\| (`[^|]+) \\|").FindAllStringSubmatch(section, -1) {
		for name := range strings.SplitSeq(row[1], ", ") {
			listed = append(listed, form.Type(strings.Trim(name, "`")))
		}
	}
	types := form.Types()
	slices.Sort(listed)
	slices.Sort(types)
	if !slices.Equal(listed, types) {
		t.Errorf("docs/forms.md lists the types %q, want %q", listed, types)
	}
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("fields of %d types", len(types)); !strings.Contains(string(readme), want) {
		t.Errorf("README.md does not say %q", want)
	}
}
