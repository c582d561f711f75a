package postgres

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
)

// another is where the address of another server begins. A comma alone does not say so: it may stand between the hosts
// of one address.
var another = regexp.MustCompile(`[,\s]+(postgres(?:ql)?://)`)

var errSeveral = errors.New("one address must name one server, as what is proven of one would be believed of another; write postgres://ONE/… postgres://TWO/…")

// ParseServers are the addresses in a text, with commas or spaces between them. Each has to name a single server.
func ParseServers(text string) (urls []string, err error) {
	for url := range strings.SplitSeq(another.ReplaceAllString(text, "\n$1"), "\n") {
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
