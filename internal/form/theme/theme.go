// Package theme is how a form looks: its logo, its colour, its name and where to ask for help.
package theme

import (
	"crypto/sha256"
	"encoding/hex"
)

// Theme is how a form looks. The zero Theme looks as docket does.
type Theme struct {
	Name    string // of who asks; empty: the title of the form
	Support string // where people ask for help: an address with mailto: or https:; empty: nowhere
	Logo    *Asset // nil: none
	Style   *Asset // the stylesheet with the colours; nil: docket's
}

// Asset is a file that pages load.
type Asset struct {
	Name    string // has a hash of the content in it
	Type    string
	Content []byte
}

func newAsset(name, extension, mediaType string, content []byte) *Asset {
	sum := sha256.Sum256(content)
	return &Asset{name + "." + hex.EncodeToString(sum[:6]) + extension, mediaType, content}
}

// Asset is the file of this name; nil when there is none.
func (t Theme) Asset(name string) *Asset {
	for _, asset := range []*Asset{t.Logo, t.Style} {
		if asset != nil && asset.Name == name {
			return asset
		}
	}
	return nil
}
