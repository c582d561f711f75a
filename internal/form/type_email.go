package form

import (
	"net/mail"
	"regexp"
	"strings"
	"sync"
	"time"
)

// Email is an e-mail address.
const Email Type = "email"

// CodeBadEmail is the problem of what is no e-mail address.
const CodeBadEmail = "bad_email"

func emailType() fieldType {
	return fieldType{
		name: Email, keys: []string{"pattern", "pattern_hint"}, maxLength: 254, check: checkEmail, codes: []string{CodeBadEmail},
		schema: func(f *Field, schema map[string]any) string {
			schema["format"] = "email"
			return textSchema(f, schema)
		},
		control: func(*Field) Control {
			return Control{Element: ElementInput, InputType: "email", InputMode: "email", HasMaxLength: true}
		},
	}
}

var domainName = sync.OnceValue(func() *regexp.Regexp {
	const label = `[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?`
	return regexp.MustCompile(`^(?:` + label + `\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$`)
})

// checkEmail checks an e-mail address and returns it with its domain in lower case.
func checkEmail(f *Field, text string, _ time.Time) (string, Problem) {
	wrong := newProblem(CodeBadEmail, "answer.bad_email")
	address, err := mail.ParseAddress(text)
	if err != nil || address.Name != "" || address.Address != text {
		return "", wrong
	}
	local, domain, _ := strings.Cut(text, "@")
	domain = strings.ToLower(domain)
	if len(local) > 64 || !domainName().MatchString(domain) {
		return "", wrong
	}
	return f.checkText(local + "@" + domain)
}
