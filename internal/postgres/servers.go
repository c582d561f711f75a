package postgres

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
)

// nextURL is where the URL of another server begins. A comma alone does not say so: it may be between the hosts of one URL.
var nextURL = regexp.MustCompile(`[,\s]+(postgres(?:ql)?://)`)

var errSeveral = errors.New("one URL must name one server, as the age of each replica is measured; write postgres://ONE/… postgres://TWO/…")

// ParseServers splits a text into URLs, with commas or spaces between them. Each has to name a single server.
func ParseServers(text string) (urls []string, err error) {
	for url := range strings.SplitSeq(nextURL.ReplaceAllString(text, "\n$1"), "\n") {
		url = strings.Trim(url, ", \t\r\n")
		if url == "" {
			continue
		}
		config, err := pgx.ParseConfig(url)
		if err != nil {
			return nil, fmt.Errorf("read the database URL: %w", err)
		}
		for _, other := range config.Fallbacks { // also the same server, without TLS
			if other.Host != config.Host || other.Port != config.Port {
				return nil, errSeveral
			}
		}
		urls = append(urls, url)
	}
	return urls, nil
}
