package views

import (
	"cmp"
	"strings"

	"docket/internal/form/theme"
)

// themePath is where a file of the theme is.
func themePath(asset *theme.Asset) string { return "/theme/" + asset.Name }

// siteName is the name of who asks, or else the title of the form.
func siteName(site Site) string { return cmp.Or(site.Form.Theme.Name, site.Form.Title) }

// supportText is the address for help as people read it.
func supportText(address string) string {
	for _, scheme := range []string{"mailto:", "https://"} {
		address = strings.TrimPrefix(address, scheme)
	}
	return address
}
