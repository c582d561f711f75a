package cli

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestReadSecretFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	url, empty := write("url", "postgres://u:p@/docket \r\n\n"), write("empty", "\n")
	for name, try := range map[string]struct{ env, set map[string]string }{
		"a file":             {map[string]string{"DATABASE_URL_FILE": url}, map[string]string{"DATABASE_URL": "postgres://u:p@/docket "}},
		"a variable":         {map[string]string{"DATABASE_URL": "postgres://"}, map[string]string{}},
		"an empty variable":  {map[string]string{"DATABASE_URL": "", "DATABASE_URL_FILE": url}, map[string]string{"DATABASE_URL": "postgres://u:p@/docket "}},
		"an empty file name": {map[string]string{"DATABASE_URL_FILE": ""}, map[string]string{}},
		"both":               {map[string]string{"DATABASE_URL": "postgres://", "DATABASE_URL_FILE": url}, nil},
		"no such file":       {map[string]string{"SESSION_KEY_FILE": filepath.Join(dir, "none")}, nil},
		"an empty file":      {map[string]string{"SESSION_KEY_FILE": empty}, nil},
	} {
		set := map[string]string{}
		err := readSecretFiles(
			func(name string) (string, bool) { value, ok := try.env[name]; return value, ok },
			func(name, value string) error { set[name] = value; return nil },
		)
		if refused := try.set == nil; refused != (err != nil) || !refused && !maps.Equal(set, try.set) {
			t.Errorf("%s: sets %q, %v; want %q", name, set, err, try.set)
		}
	}
}

// A variable that may hold a password or a key is a secret, unless it is named here with what it holds instead.
func TestSecretVariables_Complete(t *testing.T) {
	t.Parallel()
	public := []string{"BASE_URL", "FILES_URL"}
	secret := regexp.MustCompile(`_URL$|_KEY$|SECRET|PASSWORD|TOKEN`)
	for _, name := range variablesOf(reflect.TypeFor[commands]()) {
		if secret.MatchString(name) && !slices.Contains(public, name) && !slices.Contains(secretVariables, name) {
			t.Errorf("%s cannot be given as %s_FILE", name, name)
		}
	}
	docs, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range secretVariables {
		if !strings.Contains(string(docs), "`"+name+"`") {
			t.Errorf("docs/configuration.md does not name %s", name)
		}
	}
}

// variablesOf returns the environment variables of a struct of kong and of the structs in it.
func variablesOf(t reflect.Type) (names []string) {
	for field := range t.Fields() {
		if name := field.Tag.Get("env"); name != "" {
			names = append(names, name)
		}
		if field.Type.Kind() == reflect.Struct {
			names = append(names, variablesOf(field.Type)...)
		}
	}
	return names
}
