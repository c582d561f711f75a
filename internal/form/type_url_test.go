package form_test

import (
	"testing"

	"docket/internal/form"
)

func TestURL(t *testing.T) {
	t.Parallel()
	f := parse(t, oneField("type: url"))
	for given, want := range map[string]string{
		"https://example.com":                    "https://example.com/",
		" HTTPS://Example.COM:443/A?b=C#d ":      "https://example.com/A?b=C#d",
		"http://example.com:8080/x":              "http://example.com:8080/x",
		"http://example.com:80":                  "http://example.com/",
		"https://192.0.2.1/":                     "https://192.0.2.1/",
		"https://[2001:DB8::1]:8443/":            "https://[2001:db8::1]:8443/",
		"https://example.com/Nguyễn":             "https://example.com/Nguy%E1%BB%85n",
		"https://Việtnam.vn/":                    "https://xn--vitnam-jk8b.vn/",
		"https://аpple.com/":                     "https://xn--pple-43d.com/", // begins with a Cyrillic letter
		"https://[fe80::1%25eth0]/":              "",
		"example.com":                            "",
		"//example.com/":                         "",
		"ftp://example.com/":                     "",
		"javascript:alert(1)":                    "",
		"https:///path":                          "",
		"https://user:secret@example.com/":       "",
		"https://user@example.com/":              "",
		"https://localhost/":                     "",
		"https://exa mple.com/":                  "",
		"https://example.com/a b":                "",
		"https://example.com\\@evil.example/":    "",
		"https://example.com:port/":              "",
		"https://example.com:65535/":             "https://example.com:65535/",
		"https://example.com:65536/":             "",
		"https://example.com:0/":                 "",
		"https://-example.com/":                  "",
		"https://example.com/%zz":                "",
		"https://xn--ngbo2e.example/":            "https://xn--ngbo2e.example/",
		"https://example.com/?next=//other.test": "https://example.com/?next=//other.test",
	} {
		answers, err := f.Check(form.Input{"a": {given}}, noon)
		if want == "" {
			refused(t, err, "a", form.CodeBadURL, "Must be the address of a web page")
			continue
		}
		if got := string(answers.JSON()); err != nil || got != `{"a":"`+want+`"}` {
			t.Errorf("%q: got %s, %v, want %s", given, got, err, want)
		}
	}
	agree(t, f, `{"a":"https://example.com/x"}`, true)
	agree(t, f, `{"a":"not an address"}`, false)
	short := parse(t, oneField("type: url\npattern: https://github\\.com/.+\npattern_hint: On GitHub."))
	_, err := short.Check(form.Input{"a": {"https://example.com/"}}, noon)
	refused(t, err, "a", form.CodePattern, "On GitHub.")
}
