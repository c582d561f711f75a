package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
)

// How many functions a package may have, those of its types included. A package that is larger is divided. The form has a file for each
// type of field, and rows of groups, which are forms themselves, need what is unexported.
var mostFunctions = map[string]int{"web": 170, "internal/form": 290}

const (
	mostShadows  = 1.5  // locals with the name of something at package level, for each thousand lines
	mostOneWords = 0.25 // of the unexported functions without receiver
)

// folder is the source of one package, without what is generated.
type folder struct {
	name  string
	lines int
	files []*ast.File // without tests
	tests []*ast.File
}

var generated = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

// folders parses the whole tree, once for all tests. The keys are paths below the root, with slashes.
var folders = sync.OnceValues(func() (map[string]*folder, error) {
	root, all, set := filepath.Join("..", ".."), map[string]*folder{}, token.NewFileSet()
	return all, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() && (name == "node_modules" || name == "testdata" || path != root && strings.HasPrefix(name, ".")) {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil || generated.Match(source) {
			return err
		}
		parsed, err := parser.ParseFile(set, path, source, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		add(all, root, path, source, parsed)
		return nil
	})
})

func add(all map[string]*folder, root, path string, source []byte, parsed *ast.File) {
	below, err := filepath.Rel(root, filepath.Dir(path))
	if err != nil {
		below = filepath.Dir(path)
	}
	below = filepath.ToSlash(below)
	if all[below] == nil {
		all[below] = &folder{name: below}
	}
	found := all[below]
	if strings.HasSuffix(path, "_test.go") {
		found.tests = append(found.tests, parsed)
		return
	}
	found.files, found.lines = append(found.files, parsed), found.lines+strings.Count(string(source), "\n")
}

func tree(t *testing.T) map[string]*folder {
	t.Helper()
	all, err := folders()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// functions are the functions of some files, those with a receiver included.
func functions(files []*ast.File) (found []*ast.FuncDecl) {
	for _, file := range files {
		for _, declared := range file.Decls {
			if function, ok := declared.(*ast.FuncDecl); ok {
				found = append(found, function)
			}
		}
	}
	return found
}

func TestLocals_DoNotShadowPackageNames(t *testing.T) {
	t.Parallel()
	var lines int
	var offenders []string
	for _, f := range tree(t) {
		lines += f.lines
		known := packageNames(f.files)
		for _, function := range functions(f.files) {
			for _, local := range locals(function) {
				if known[local] {
					offenders = append(offenders, f.name+": "+local+" in "+function.Name.Name)
				}
			}
		}
	}
	if rate := 1000 * float64(len(offenders)) / float64(lines); rate > mostShadows {
		t.Errorf("%.1f locals in a thousand lines have the name of something at package level, at most %.1f may; rename them:\n%s",
			rate, mostShadows, listed(offenders))
	}
}

// packageNames are the names that a package declares at its top.
func packageNames(files []*ast.File) map[string]bool {
	names := map[string]bool{}
	for _, file := range files {
		for _, declared := range file.Decls {
			switch d := declared.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					names[d.Name.Name] = true
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch s := spec.(type) {
					case *ast.TypeSpec:
						names[s.Name.Name] = true
					case *ast.ValueSpec:
						for _, name := range s.Names {
							names[name.Name] = true
						}
					}
				}
			}
		}
	}
	return names
}

// locals are the names that a function declares: receiver, parameters, results and variables; each once.
func locals(function *ast.FuncDecl) (names []string) {
	note := func(expressions ...ast.Expr) {
		for _, expression := range expressions {
			if name, ok := expression.(*ast.Ident); ok && name.Name != "_" && !slices.Contains(names, name.Name) {
				names = append(names, name.Name)
			}
		}
	}
	for _, list := range []*ast.FieldList{function.Recv, function.Type.Params, function.Type.Results} {
		if list == nil {
			continue
		}
		for _, field := range list.List {
			for _, name := range field.Names {
				note(name)
			}
		}
	}
	ast.Inspect(function, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				note(n.Lhs...)
			}
		case *ast.RangeStmt:
			if n.Tok == token.DEFINE {
				note(n.Key, n.Value)
			}
		case *ast.ValueSpec:
			for _, name := range n.Names {
				note(name)
			}
		}
		return true
	})
	return names
}

func TestFunctions_AreNamedByVerbAndNoun(t *testing.T) {
	t.Parallel()
	var all int
	var offenders []string
	for _, f := range tree(t) {
		for _, function := range functions(f.files) {
			name := function.Name.Name
			if function.Recv != nil || function.Name.IsExported() || name == "main" || name == "init" {
				continue
			}
			all++
			if !strings.ContainsFunc(name, unicode.IsUpper) {
				offenders = append(offenders, f.name+": "+name)
			}
		}
	}
	if share := float64(len(offenders)) / float64(all); share > mostOneWords {
		t.Errorf("%.0f %% of the unexported functions have a name of one word, at most %.0f %% may; say what they do to what:\n%s",
			100*share, 100*mostOneWords, listed(offenders))
	}
}

func TestPackages_AreNotTooLarge(t *testing.T) {
	t.Parallel()
	for name, most := range mostFunctions {
		if f := tree(t)[name]; f == nil {
			t.Errorf("%s is not there", name)
		} else if n := len(functions(f.files)); n > most {
			t.Errorf("%s has %d functions, at most %d may be in one package; divide it", name, n, most)
		}
	}
}

// testName is the thing under test in at most three words and then, where one test is not enough, the case.
var testName = regexp.MustCompile(`^Test([A-Z]+[a-z0-9]*){1,3}(_[A-Z0-9].*)?$`)

func TestTests_NameTheirSubjectFirst(t *testing.T) {
	t.Parallel()
	var offenders []string
	for _, f := range tree(t) {
		for _, function := range functions(f.tests) {
			name := function.Name.Name
			if strings.HasPrefix(name, "Test") && name != "TestMain" && function.Recv == nil && !testName.MatchString(name) {
				offenders = append(offenders, f.name+": "+name)
			}
		}
	}
	if len(offenders) > 0 {
		t.Errorf("%d tests are not named like TestDecide_ConcurrentAgents, the thing first and then the case:\n%s", len(offenders), listed(offenders))
	}
}

func listed(offenders []string) string {
	slices.Sort(offenders)
	return "\t" + strings.Join(offenders, "\n\t")
}
