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
		name: Email, keys: []string{"pattern", "pattern_hint"}, maxLength: 254, plain: true, check: checkEmail, codes: []string{CodeBadEmail},
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

// checkEmail checks an e-mail address and returns it with its domain in lower case. The domain may have letters of every script; whether
// such a name can exist is as asciiHost says.
func checkEmail(f *Field, text string, _ time.Time) (string, Problem) {
	wrong := newProblem(CodeBadEmail, "answer.bad_email")
	address, err := mail.ParseAddress(text)
	if err != nil || address.Name != "" || address.Address != text {
		return "", wrong
	}
	local, domain, _ := strings.Cut(text, "@")
	domain = strings.ToLower(domain)
	if ascii, ok := asciiHost(domain); len(local) > 64 || !ok || !domainName().MatchString(ascii) {
		return "", wrong
	}
	return f.checkText(local + "@" + domain)
}
