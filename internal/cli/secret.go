package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// secretVariables are the variables whose value may be in a file that NAME_FILE names.
var secretVariables = []string{
	"DATABASE_URL", "DATABASE_DIRECT_URL", "REPLICA_URL", "SESSION_KEY", "SMTP_URL", "OIDC_CLIENT_SECRET", "API_KEY",
	"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
}

// readSecretFiles sets each secret that is in a file, without the end of its line. It refuses a secret that is set in both
// ways, and a file without one.
func readSecretFiles(lookup func(string) (string, bool), set func(name, value string) error) error {
	var problems []error
	for _, name := range secretVariables {
		path, _ := lookup(name + "_FILE")
		if path == "" {
			continue
		}
		if direct, _ := lookup(name); direct != "" {
			problems = append(problems, fmt.Errorf("%s and %s_FILE are both set; set one of them", name, name))
			continue
		}
		text, err := os.ReadFile(path)
		value := strings.TrimRight(string(text), "\r\n")
		if err == nil && value == "" {
			err = fmt.Errorf("%s is empty", path)
		}
		if err == nil {
			err = set(name, value)
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("%s_FILE: %w", name, err))
		}
	}
	return errors.Join(problems...)
}
