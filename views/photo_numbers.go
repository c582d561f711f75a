package views

import "fmt"

// photoNumber is one number of a picture, in words.
type photoNumber struct{ name, value string }

// numbers are what was measured of a picture.
func (m Measurements) numbers(site Site) []photoNumber {
	percent := func(share float64, decimals int) string { return site.words().Decimal(100*share, decimals) + " %" }
	return []photoNumber{
		{site.T("photo.number.pixels"), fmt.Sprintf("%d × %d", m.Width, m.Height)},
		{site.T("photo.number.sharpness"), site.words().Decimal(m.Blur, 0)},
		{site.T("photo.number.brightness"), percent(m.Brightness, 0)},
		{site.T("photo.number.white"), percent(m.Burnt, 0)},
		{site.T("photo.number.glare"), percent(m.Glare, 1)},
		{site.T("photo.number.grey"), percent(m.Grey, 0)},
	}
}
