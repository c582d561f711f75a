package formfile

import (
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"docket/internal/form"
)

// Load reads a form file and the files beside it that it names. When anything is wrong in it the error holds Mistakes.
func Load(path string) (*form.Form, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read form: %w", err)
	}
	defer file.Close()
	src, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read form: %w", err)
	}
	f, err := ParseIn(src, filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("read form %s: %w", path, err)
	}
	return f, nil
}

//go:embed ekyc.yaml
var ekyc []byte

// Builtin is the text of the form that docket brings along, to make another of it.
func Builtin() []byte { return bytes.Clone(ekyc) }

// Default is the form that docket brings along: identity verification.
func Default() *form.Form { return builtinForm() }

var builtinForm = sync.OnceValue(func() *form.Form {
	f, err := Parse(ekyc)
	if err != nil {
		panic(err) // The file is part of the program, and a test parses it.
	}
	return f
})

//go:embed starter.yaml
var starter []byte

//go:embed approval.yaml
var approval []byte

// Approval is the text of a form file by which AI agents and other programs ask for a person's approval, as Starter.
func Approval(name string) ([]byte, error) { return Rename(approval, "approval", name) }

// Starter is the text of a form file to begin with, under this name; an error when the name cannot be one.
func Starter(name string) ([]byte, error) { return Rename(starter, "starter", name) }

// Rename is the text of a form file under another name; an error when that cannot be one.
func Rename(text []byte, former, name string) ([]byte, error) {
	if !systemName().MatchString(name) {
		return nil, fmt.Errorf("%q cannot be the name of a form: begin with a lower-case letter, go on with lower-case letters, digits, - and _", name)
	}
	return bytes.Replace(text, []byte("\nname: "+former+"\n"), []byte("\nname: "+name+"\n"), 1), nil
}
