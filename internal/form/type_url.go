package form

import (
	"cmp"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/idna"
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
			if _, said := schema["pattern"]; !said {
				schema["pattern"] = `^\s*[Hh][Tt][Tt][Pp][Ss]?://`
			}
			return strings.TrimSpace("An absolute address with http or https and a host. " + note)
		},
		control: func(*Field) Control {
			return Control{Element: ElementInput, InputType: "url", InputMode: "url", HasMaxLength: true}
		},
	}
}

// checkURL checks an address and returns it in its plain form: scheme and host in lower case and ASCII, no port that is the
// usual one, and a path.
func checkURL(f *Field, text string, _ time.Time) (string, Problem) {
	wrong := newProblem(CodeBadURL, "answer.bad_url")
	address, err := url.Parse(text)
	if err != nil || strings.ContainsAny(text, " \\") || address.User != nil || address.Scheme != "http" && address.Scheme != "https" {
		return "", wrong
	}
	host, ok := asciiHost(address.Hostname())
	if !ok {
		return "", wrong
	}
	port := address.Port()
	if n, err := strconv.ParseUint(port, 10, 16); port != "" && (err != nil || n == 0) {
		return "", wrong
	}
	if usual := map[string]string{"http": "80", "https": "443"}[address.Scheme]; port != "" && port != usual {
		host += ":" + port
	}
	address.Host = host
	address.Path = cmp.Or(address.Path, "/")
	return f.checkText(address.String())
}

// asciiHost is an IP address or the name of a host as an address has it: in ASCII, so that letters that look alike differ.
// False: it is neither.
func asciiHost(host string) (string, bool) {
	if ip, err := netip.ParseAddr(host); err == nil && ip.Zone() == "" {
		if ip.Is6() {
			return "[" + ip.String() + "]", true
		}
		return ip.String(), true
	}
	ascii, err := idna.Lookup.ToASCII(host)
	return ascii, err == nil && domainName().MatchString(ascii)
}
