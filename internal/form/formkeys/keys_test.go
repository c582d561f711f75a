package formkeys_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"docket/internal/form/formfile"
	"docket/internal/form/formkeys"
)

// base is the form in which the examples stand. They name its fields and its reason.
const base = `
name: x
title: X
sections:
  - fields:
      - {name: topic, label: Topic, type: choice, options: [{value: order, label: Order}, {value: refund, label: Refund}]}
      - {name: extras, label: Extras, type: multi_choice, options: [{value: call, label: A call}, {value: copy, label: A copy}]}
      - {name: amount, label: Amount, type: number}
      - {name: born, label: Born, type: date}
      - {name: document, label: Document, type: image}
      - {name: selfie, label: Selfie, type: image}
      - {name: birthplace, label: Place of birth, type: country}
reasons:
  - {code: underage, label: Too young, class: final, text: You have to be 18 years old.}
`

func TestKeys_Examples(t *testing.T) {
	t.Parallel()
	schema := compileSchema(t)
	for _, object := range formkeys.Objects() {
		for _, key := range object.Keys {
			part := readPart(t, key.Example)
			if _, shown := part[key.Name]; !shown {
				t.Errorf("%s: the example of %q does not have it: %s", object.Name, key.Name, key.Example)
			}
			checkBoth(t, schema, object, part, true)
		}
	}
}

func TestKeys_Wrong(t *testing.T) {
	t.Parallel()
	schema := compileSchema(t)
	for _, object := range formkeys.Objects() {
		for _, key := range object.Keys {
			for _, wrong := range []any{nil, []any{[]any{}}, map[string]any{"no_such_key": "x"}} {
				if _, isMap := wrong.(map[string]any); isMap && key.Name == "answers" {
					continue // Its keys are the names of fields.
				}
				part := readPart(t, key.Example)
				part[key.Name] = wrong
				checkBoth(t, schema, object, part, false)
			}
			part := readPart(t, key.Example)
			part[key.Name] = absent{}
			if key.Required {
				checkBoth(t, schema, object, part, false)
			} else if src, _ := json.Marshal(place(t, object, part)); needs(src, key.Name) && !leftOut(t, object, key.Name) {
				t.Errorf("%s: %q is not Required, but the reader needs it", object.Name, key.Name)
			}
		}
		part := readPart(t, object.Keys[0].Example)
		part["no_such_key"] = "x"
		checkBoth(t, schema, object, part, false)
	}
}

// needs reports whether a mistake of a form is that it has no such key.
func needs(src []byte, key string) bool {
	_, err := formfile.Parse(src)
	return err != nil && strings.Contains(err.Error(), fmt.Sprintf("needs %q", key))
}

// leftOut reports whether an example of an object does without a key.
func leftOut(t *testing.T, object formkeys.Object, name string) bool {
	t.Helper()
	return slices.ContainsFunc(object.Keys, func(other formkeys.Key) bool {
		_, given := readPart(t, other.Example)[name]
		return object.Around != "" && !given
	})
}

// TestKeys_Bounds compares what the reader takes of numbers and words with what the schema says.
func TestKeys_Bounds(t *testing.T) {
	t.Parallel()
	schema := compileSchema(t)
	for _, object := range formkeys.Objects() {
		for _, key := range object.Keys {
			good, bad := key.Value.Bounds()
			for _, value := range good {
				part := readPart(t, key.Example)
				if key.Name == "type" {
					continue // Each type needs keys of its own.
				}
				if object.Name == "rule" && key.Name == "decide" || object.Name == "field" && key.Name == "block" {
					continue // The word needs another key, or another type.
				}
				part[key.Name] = value
				checkBoth(t, schema, object, part, true)
			}
			for _, value := range bad {
				part := readPart(t, key.Example)
				part[key.Name] = value
				checkBoth(t, schema, object, part, false)
			}
		}
	}
}

func TestSchema_Forms(t *testing.T) {
	t.Parallel()
	schema := compileSchema(t)
	files, err := filepath.Glob("../formfile/*.yaml")
	more, err2 := filepath.Glob("../testdata/*.yaml")
	old, err3 := filepath.Glob("../testdata/releases/*.yaml")
	if files = slices.Concat(files, more, old); errors.Join(err, err2, err3) != nil || len(files) < 10 {
		t.Fatal(files, err, err2, err3)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(readPart(t, string(src))); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// checkBoth checks that the reader and the schema take this part of a form, or that both refuse it.
func checkBoth(t *testing.T, schema *jsonschema.Schema, object formkeys.Object, part map[string]any, valid bool) {
	t.Helper()
	whole := place(t, object, part)
	src, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := formfile.Parse(src); (err == nil) != valid {
		t.Errorf("%s: the reader says %v, want it valid: %v\n%s", object.Name, err, valid, src)
	}
	decoded, err := jsonschema.UnmarshalJSON(bytes.NewReader(src))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(decoded); (err == nil) != valid {
		t.Errorf("%s: the schema says %v, want it valid: %v\n%s", object.Name, err, valid, src)
	}
}

// absent stands for a key that is left out.
type absent struct{}

// place is the base with a part of a form in it.
func place(t *testing.T, object formkeys.Object, part map[string]any) map[string]any {
	t.Helper()
	whole := readPart(t, base)
	if object.Around == "" {
		if _, flat := part["fields"]; flat {
			delete(whole, "sections")
		}
		maps.Copy(whole, part)
		maps.DeleteFunc(whole, func(_ string, value any) bool { return value == absent{} })
		return whole
	}
	maps.DeleteFunc(part, func(_ string, value any) bool { return value == absent{} })
	text, err := json.Marshal(part)
	if err != nil {
		t.Fatal(err)
	}
	for key, value := range readPart(t, strings.Replace(object.Around, "%s", string(text), 1)) {
		if list, ok := value.([]any); ok {
			before, _ := whole[key].([]any)
			value = slices.Concat(before, list)
		}
		whole[key] = value
	}
	return whole
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(formkeys.WriteSchema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(formkeys.SchemaID, document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(formkeys.SchemaID)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// readPart reads YAML as an editor does: dates are texts.
func readPart(t *testing.T, src string) map[string]any {
	t.Helper()
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(src), &document); err != nil {
		t.Fatalf("%v in\n%s", err, src)
	}
	part, ok := valueOf(document.Content[0]).(map[string]any)
	if !ok {
		t.Fatalf("no mapping: %s", src)
	}
	return part
}

func valueOf(n *yaml.Node) any {
	switch {
	case n.Kind == yaml.SequenceNode:
		list := []any{}
		for _, child := range n.Content {
			list = append(list, valueOf(child))
		}
		return list
	case n.Kind == yaml.MappingNode:
		members := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			members[n.Content[i].Value] = valueOf(n.Content[i+1])
		}
		return members
	case n.Tag == "!!int" || n.Tag == "!!float":
		return json.Number(n.Value)
	case n.Tag == "!!bool":
		return n.Value == "true"
	case n.Tag == "!!null":
		return nil
	}
	return n.Value
}
