package account

import (
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// ErrOrigin says that a text is no origin to which links may lead back.
var ErrOrigin = errors.New("an origin is https:// and a host, such as https://shop.example; http:// only of localhost")

// ParseOrigin reads an origin, such as https://shop.example or https://shop.example:8443, and returns it as browsers write it. It
// returns ErrOrigin for anything else, also for an address with a path.
func ParseOrigin(text string) (string, error) {
	u, err := url.Parse(strings.TrimSuffix(text, "/"))
	if err != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", ErrOrigin
	}
	if origin := originOf(u); origin != "" {
		return origin, nil
	}
	return "", ErrOrigin
}

// MayReturnTo reports whether links of the key may lead back to an address.
func (k Key) MayReturnTo(address string) bool {
	u, err := url.Parse(address)
	return err == nil && originOf(u) != "" && slices.Contains(k.ReturnOrigins, originOf(u))
}

// originOf is the origin of an absolute address without a user; empty if it has none to which links may lead back.
func originOf(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if u.User != nil || u.Opaque != "" || u.Hostname() == "" || strings.HasSuffix(host, ":") {
		return ""
	}
	switch u.Scheme {
	case "https":
		return "https://" + strings.TrimSuffix(host, ":443")
	case "http":
		if isLoopback(u.Hostname()) {
			return "http://" + strings.TrimSuffix(host, ":80")
		}
	}
	return ""
}

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && addr.IsLoopback()
}

// readOrigins reads the origins of a new key, each once. It returns ErrOrigin when one is none.
func readOrigins(texts []string) ([]string, error) {
	origins := []string{}
	for _, text := range texts {
		origin, err := ParseOrigin(text)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(origins, origin) {
			origins = append(origins, origin)
		}
	}
	return origins, nil
}
