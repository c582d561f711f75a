package form

import (
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// URL is the address of a web page.
const URL Type = "url"

// CodeBadURL is the problem of what is no address of a web page.
const CodeBadURL = "bad_url"

func urlType() fieldType {
	return fieldType{
		name: URL, keys: []string{"pattern", "pattern_hint"}, maxLength: 2000, check: checkURL, codes: []string{CodeBadURL},
		schema: func(f *Field, schema map[string]any) string {
			schema["format"] = "uri"
			note := textSchema(f, schema)
			return strings.TrimSpace("An absolute address with http or https and a host. " + note)
		},
		control: func(*Field) Control {
			return Control{Element: ElementInput, InputType: "url", InputMode: "url", Limited: true}
		},
	}
}

// checkURL checks an address and returns it as it is written most plainly: scheme and host in lower case, no port that is the
// usual one, and a path.
func checkURL(f *Field, text string, _ time.Time) (string, Problem) {
	wrong := newProblem(CodeBadURL, "answer.bad_url")
	address, err := url.Parse(text)
	if err != nil || strings.ContainsAny(text, " \\") || address.User != nil || address.Scheme != "http" && address.Scheme != "https" {
		return "", wrong
	}
	host, port := strings.ToLower(address.Hostname()), address.Port()
	if _, err := netip.ParseAddr(host); err != nil && !domainName().MatchString(host) {
		return "", wrong
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if usual := map[string]string{"http": "80", "https": "443"}[address.Scheme]; port != "" && port != usual {
		host += ":" + port
	}
	address.Host = host
	if address.Path == "" {
		address.Path = "/"
	}
	return f.checkText(address.String())
}
