package client_test

import (
	"os"
	"regexp"
	"testing"
)

// constants are the values of the constants of a type in a file.
func constants(t *testing.T, file, name string) (values []string) {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range regexp.MustCompile(`(?m)^\t\w+ +`+name+` += "(.*)"$`).FindAllStringSubmatch(string(source), -1) {
		values = append(values, found[1])
	}
	return values
}
