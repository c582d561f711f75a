package photo

import "errors"

// Why a picture is refused. Every error of Read is one of them, or the context's.
var (
	// ErrType: neither JPEG nor PNG, whatever its name says.
	ErrType = errors.New("picture: neither JPEG nor PNG")

	// ErrHEIC: HEIC, HEIF or AVIF. Many phones store photos so; they send JPEG when the photo is taken from the page, or
	// with the camera set to "most compatible".
	ErrHEIC = errors.New("picture: HEIC")

	// ErrEmpty: fewer than MinBytes; the file is empty or did not arrive.
	ErrEmpty = errors.New("picture: empty")

	// ErrTooLarge: more than MaxBytes.
	ErrTooLarge = errors.New("picture: too many bytes")

	// ErrFewPixels: a side has fewer than MinSide pixels.
	ErrFewPixels = errors.New("picture: too few pixels")

	// ErrManyPixels: a side has more than MaxSide pixels, all of it more than MaxPixels, or decoding it would take too
	// much memory.
	ErrManyPixels = errors.New("picture: too many pixels")

	// ErrCoding: a JPEG that other programs can read, and Go cannot: one with arithmetic coding, of 12 bits, without loss, or with
	// components that are sampled in an odd way.
	ErrCoding = errors.New("picture: a coding that cannot be read")

	// ErrBroken: it began like a picture, but cannot be decoded: cut off, damaged, or made to cost much time.
	ErrBroken = errors.New("picture: broken")
)
