package photo

// What a picture may be.
const (
	MinBytes  = 100
	MaxBytes  = 10 << 20
	MinSide   = 300 // pixels
	MaxSide   = 8000
	MaxPixels = 40_000_000
)

const (
	// maxMemory bounds what decoders may take, for one picture and for all together. A baseline JPEG of MaxPixels takes 120 MB.
	maxMemory = 256 << 20

	// maxScans bounds how often a JPEG goes over its pixels; encoders write about ten.
	maxScans = 64

	// maxScannedPixels bounds the pixels of all scans: a few bytes can make a decoder go over every pixel once more.
	maxScannedPixels = 250_000_000

	// maxChunks bounds the parts of a PNG; encoders write some thousand at most.
	maxChunks = 10_000
)
