package form

import (
	"net/mail"
	"regexp"
	"strings"
	"sync"
)

var domainName = sync.OnceValue(func() *regexp.Regexp {
	const label = `[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?`
	return regexp.MustCompile(`^(?:` + label + `\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$`)
})

// email checks an e-mail address and returns it with its domain in lower case.
func email(text string) (string, Problem) {
	wrong := fault(CodeBadEmail, "answer.bad_email")
	address, err := mail.ParseAddress(text)
	if err != nil || address.Name != "" || address.Address != text {
		return "", wrong
	}
	local, domain, _ := strings.Cut(text, "@")
	domain = strings.ToLower(domain)
	if len(local) > 64 || !domainName().MatchString(domain) {
		return "", wrong
	}
	return local + "@" + domain, Problem{}
}

var telephone = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9 +().-]+$`) })

// tel checks a telephone number and returns it as it was typed.
func tel(text string) (string, Problem) {
	digits := 0
	for _, r := range text {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	if !telephone().MatchString(text) || digits < 6 || digits > 15 {
		return "", fault(CodeBadTel, "answer.bad_tel")
	}
	return text, Problem{}
}
