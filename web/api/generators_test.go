package api

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// generators are the programs that write clients from the document, of the versions that are in use.
var generators = map[string]func(t *testing.T, dir, document string){
	"oapi-codegen": func(t *testing.T, dir, document string) {
		t.Helper()
		generateOAPI(t, "../../tools", dir, document)
	},
	"oapi-codegen 2.5": func(t *testing.T, dir, document string) {
		t.Helper()
		generateOAPI(t, "../../tools/generators", dir, document)
	},
	"ogen": func(t *testing.T, dir, document string) {
		t.Helper()
		runIn(t, "../../tools/generators", "go", "tool", "ogen", "-target", dir, "-package", "client", document)
		compile(t, "../../tools/generators", dir)
	},
	"openapi-typescript": func(t *testing.T, dir, document string) {
		t.Helper()
		bin, client := "node_modules/.bin/", filepath.Join(dir, "client.ts")
		runIn(t, "../../tools/typescript", bin+"openapi-typescript", document, "-o", client)
		runIn(t, "../../tools/typescript", bin+"tsc", "--strict", "--noEmit", client)
	},
}

// TestOpenAPI_GeneratesClient has each generator write a client for each form, and compiles it.
func TestOpenAPI_GeneratesClient(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it builds generators: make check-document")
	}
	for name, f := range testForms(t) {
		document := writeDocument(t, newDocument(f, "default-src 'none'"))
		for generator, generate := range generators {
			t.Run(name+" "+generator, func(t *testing.T) { //nolint:paralleltest // each uses all processors
				generate(t, t.TempDir(), document)
			})
		}
	}
}

func writeDocument(t *testing.T, d document) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "openapi.json")
	if err := os.WriteFile(path, d.text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func generateOAPI(t *testing.T, module, dir, document string) {
	t.Helper()
	config := filepath.Join(dir, "config.yaml")
	text := "package: client\noutput: " + filepath.Join(dir, "client.go") + "\ngenerate: {models: true, client: true}\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	runIn(t, module, "go", "tool", "oapi-codegen", "-config", config, document)
	compile(t, module, dir)
}

// compile builds the Go files of a folder with the dependencies of a module.
func compile(t *testing.T, module, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files were written: %v", err)
	}
	runIn(t, module, "go", slices.Concat([]string{"build", "-o", os.DevNull}, files)...)
}

// runIn runs a program in a folder.
func runIn(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), name, args...)
	command.Dir = dir
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%.4000s", name, args, err, out)
	}
}

// releasedDocument is the document of the last release, for the built-in form.
const releasedDocument = "../../docs/openapi.json"

// TestOpenAPI_BreaksNoClient compares the document with that of the last release. Codes, types of events and other values of answers may
// be added: the document says so.
func TestOpenAPI_BreaksNoClient(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it builds oasdiff: make check-document")
	}
	current := newDocument(testForms(t)["ekyc"], "default-src 'none'")
	if os.Getenv("RELEASE_DOCUMENT") != "" {
		var text bytes.Buffer
		if err := json.Indent(&text, current.text, "", " "); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(releasedDocument, append(text.Bytes(), '\n'), 0o644); err != nil { //nolint:gosec // it is part of the source
			t.Fatal(err)
		}
	}
	released, err := filepath.Abs(releasedDocument)
	if err != nil {
		t.Fatal(err)
	}
	t.Log("with each release: RELEASE_DOCUMENT=1 go test ./web/api -run BreaksNoClient")
	runIn(t, "../../tools/oasdiff", "go", "tool", "oasdiff", "breaking", "--fail-on", "ERR", "--severity-levels", "severity.txt", released, writeDocument(t, current))
}
