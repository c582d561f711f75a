// Package linktext is texts with links: [words](https://…), and nothing else of Markdown.
package linktext

import (
	"net/url"
	"strings"
)

// Part is a piece of a text: plain, or a link.
type Part struct {
	Text string
	URL  string // empty: it is no link
}

// Mistake is a link that is none: at which character of the text, counted from 0, and what is wrong.
type Mistake struct {
	Offset  int
	Message string
}

// Error implements error.
func (m Mistake) Error() string { return m.Message }

// Parse divides a text at its links. The error is a Mistake; then the whole text is plain.
func Parse(text string) ([]Part, error) {
	var parts []Part
	rest := text
	for {
		middle := strings.Index(rest, "](")
		if middle < 0 {
			break
		}
		begin := strings.LastIndex(rest[:middle], "[")
		if begin < 0 {
			parts, rest = appendText(parts, rest[:middle+2]), rest[middle+2:]
			continue
		}
		words, address := rest[begin+1:middle], rest[middle+2:]
		end := strings.IndexByte(address, ')')
		message := linkMistake(words, address, end)
		if message != "" {
			offset := len([]rune(text)) - len([]rune(rest[begin:]))
			return []Part{{Text: text}}, Mistake{offset, message}
		}
		parts = append(appendText(parts, rest[:begin]), Part{words, address[:end]})
		rest = address[end+1:]
	}
	return appendText(parts, rest), nil
}

// linkMistake is what is wrong with a link whose address ends at a byte; empty when nothing is.
func linkMistake(words, address string, end int) string {
	if end < 0 {
		return "this link does not end; write [words](https://…)"
	}
	u, err := url.Parse(address[:end])
	switch {
	case strings.TrimSpace(words) == "":
		return "this link has no words; write [words](https://…)"
	case err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || strings.ContainsAny(address[:end], " \t\n\"'<>`"):
		return "a link leads to an address that begins with https://, and " + address[:end] + " is none"
	}
	return ""
}

// appendText appends a plain text, to the one before if there is one.
func appendText(parts []Part, text string) []Part {
	if last := len(parts) - 1; last >= 0 && parts[last].URL == "" {
		parts[last].Text += text
		return parts
	}
	if text == "" {
		return parts
	}
	return append(parts, Part{Text: text})
}

// Plain is a text without marks, for readers who cannot press links: "words (https://…)".
func Plain(text string) string {
	return join(text, func(p Part) string { return p.Text + " (" + p.URL + ")" })
}

// Words is a text with the words of its links alone.
func Words(text string) string { return join(text, func(p Part) string { return p.Text }) }

func join(text string, shown func(Part) string) string {
	parts, err := Parse(text)
	if err != nil {
		return text
	}
	var b strings.Builder
	for _, part := range parts {
		if part.URL != "" {
			b.WriteString(shown(part))
		} else {
			b.WriteString(part.Text)
		}
	}
	return b.String()
}

// URLs are the addresses that a text links to.
func URLs(text string) (urls []string) {
	parts, _ := Parse(text)
	for _, part := range parts {
		if part.URL != "" {
			urls = append(urls, part.URL)
		}
	}
	return urls
}
