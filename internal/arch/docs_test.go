package arch

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const mostReadmeLines = 150

var (
	docsLink     = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)|(?:src|srcset)="([^":]+)"`)
	docsTestName = regexp.MustCompile("`(Test[A-Za-z0-9_]+)")
	pattern      = regexp.MustCompile(`NAME|TABLE|NN_`) // the reader replaces it
	docsPath     = regexp.MustCompile("`((?:internal|web|views|db|queries|static|docs|tools)/[A-Za-z0-9_./-]+)`")
)

// documents are the texts of README, CONTRIBUTING and docs, by their paths below the root.
func documents(t *testing.T) map[string]string {
	t.Helper()
	root := filepath.Join("..", "..")
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob(filepath.Join(root, "docs", "operations", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, path := range append(slices.Concat(pages, more), filepath.Join(root, "README.md"), filepath.Join(root, "CONTRIBUTING.md")) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[path] = string(text)
	}
	return texts
}

func TestDocs_LinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	for path, text := range documents(t) {
		for _, link := range docsLink.FindAllStringSubmatch(text, -1) {
			target := filepath.Join(filepath.Dir(path), link[1]+link[3])
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s, which is not there", path, link[1]+link[3])
			}
		}
	}
}

func TestDocs_PathsExist(t *testing.T) {
	t.Parallel()
	for path, text := range documents(t) {
		for _, named := range docsPath.FindAllStringSubmatch(text, -1) {
			if strings.ContainsAny(named[1], "*…") || pattern.MatchString(named[1]) {
				continue
			}
			if _, err := os.Stat(filepath.Join("..", "..", named[1])); err != nil {
				t.Errorf("%s names %s, which is not there", path, named[1])
			}
		}
	}
}

func TestDocs_TestsExist(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, f := range tree(t) {
		for _, function := range functions(f.tests) {
			known[function.Name.Name] = true
		}
	}
	for path, text := range documents(t) {
		for _, named := range docsTestName.FindAllStringSubmatch(text, -1) {
			if !known[named[1]] && !isPrefix(known, named[1]) {
				t.Errorf("%s names the test %s, which is not there", path, named[1])
			}
		}
	}
}

// isPrefix reports whether -run would find something by this name.
func isPrefix(known map[string]bool, prefix string) bool {
	for name := range known {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

func TestDocs_EveryPackageIsInArchitecture(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	for name := range plan {
		if name != "." && !strings.HasPrefix(name, "internal/testkit/") && !strings.Contains(string(text), "`"+name+"`") {
			t.Errorf("docs/architecture.md does not say what %s is", name)
		}
	}
}

func TestGlossary_IsSorted(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "glossary.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rows, _ := strings.Cut(strings.ToLower(string(text)), "|---|\n")
	if sorted := strings.Split(strings.TrimSpace(rows), "\n"); len(sorted) < 2 || !slices.IsSorted(sorted) {
		t.Error("docs/glossary.md is not in the order of the alphabet")
	}
}

func TestReadme_IsShort(t *testing.T) {
	t.Parallel()
	for path, text := range documents(t) {
		if n := strings.Count(text, "\n"); filepath.Base(path) == "README.md" && n > mostReadmeLines {
			t.Errorf("README.md has %d lines, at most %d may be; move what is not for the first two minutes into docs/", n, mostReadmeLines)
		}
	}
}
