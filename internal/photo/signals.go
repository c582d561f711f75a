package photo

// Signals are what is measured of a photo, for its user, the agent and the rules. They never refuse. All but the first
// three are measured on a copy of one size, so that a number means the same for every camera.
type Signals struct {
	// Width and Height are those of the photo as it was sent, held upright.
	Width  int `json:"width"`
	Height int `json:"height"`

	// SHA256 is that of the bytes as they were sent: equal files.
	SHA256 [32]byte `json:"-"`

	// Hash is a perceptual hash: two of one photo differ by fewer bits than DistinctBits.
	Hash uint64 `json:"-"`

	// Blur is the variance of the Laplacian where the photo is sharpest, its contrast stretched: low is blurred.
	Blur float64 `json:"blur"`

	// Brightness is the mean, 0 is black and 1 white.
	Brightness float64 `json:"brightness"`

	// Glare is the share of the photo that is burnt out in spots.
	Glare float64 `json:"glare"`

	// Burnt is the share of the photo that is as bright as a sensor gets, in spots or not.
	Burnt float64 `json:"burnt"`

	// Grey is the share of the photo that has no colour: 1 for a photocopy.
	Grey float64 `json:"grey"`
}

// Warning is the code of something that an agent may not be able to read.
type Warning string

// The warnings.
const (
	Blurry Warning = "blurry"
	Dark   Warning = "dark"
	Glare  Warning = "glare"

	// Overexposed is a photo that is white where it should show something; glare is not looked for in it.
	Overexposed Warning = "overexposed"

	Grey  Warning = "grey"
	Small Warning = "small"
)

// Warnings lists every warning, worst first.
var Warnings = []Warning{Blurry, Dark, Overexposed, Glare, Small, Grey}

// The limits of warnings. A wrong warning costs a user a second photo, a missing one costs an agent time.
const (
	// BlurBelow lies between photos in focus, which have 600 to 16000, and the same smeared over 1/125 of their width,
	// which have less than 80: print as small as a passport's can then not be read.
	BlurBelow = 100

	// DarkBelow is the brightness of a photo in a room lit by a screen; a photo of a document on a black table is above it.
	DarkBelow = 0.2

	// GlareAbove is a spot of a tenth of the photo's width, enough to cover a date.
	GlareAbove = 0.005

	// BurntAbove is the share of burnt pixels from which they are no reflection: the photo is overexposed, or a scan of white
	// paper.
	BurntAbove = 0.3

	// GreyAbove leaves room for the colour noise of JPEG, and for nothing else: one stamp is more than this.
	GreyAbove = 0.995

	// SmallBelow is the longer side in pixels, with which a letter of a passport's machine-readable zone has 13.
	SmallBelow = 1000
)

// Greyscale reports whether the photo has no colour.
func (s Signals) Greyscale() bool { return s.Grey > GreyAbove }

// Warnings lists what is wrong with the photo, worst first, nothing for a good one.
func (s Signals) Warnings() (found []Warning) {
	for _, w := range Warnings {
		if s.callFor(w) {
			found = append(found, w)
		}
	}
	return found
}

// callFor reports whether the signals call for a warning.
func (s Signals) callFor(w Warning) bool {
	switch w {
	case Blurry:
		return s.Blur < BlurBelow
	case Dark:
		return s.Brightness < DarkBelow
	case Glare:
		return s.Glare > GlareAbove
	case Overexposed:
		return s.Burnt > BurntAbove
	case Small:
		return max(s.Width, s.Height) < SmallBelow
	case Grey:
		return s.Greyscale()
	}
	return false
}
