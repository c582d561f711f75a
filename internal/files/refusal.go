package files

import (
	"errors"

	"docket/internal/photo"
)

// Refusal is why a file cannot be accepted. Its text is a code, which never changes: other systems act on it.
type Refusal string

// The refusals, beside the warnings of a picture that a field refuses for.
const (
	NotAPicture  Refusal = "not_a_picture"
	HEIC         Refusal = "heic"
	NotADocument Refusal = "not_a_document"
	Empty        Refusal = "empty_file"
	TooLarge     Refusal = "file_too_large"
	FewPixels    Refusal = "few_pixels"
	ManyPixels   Refusal = "many_pixels"
	Broken       Refusal = "broken_file"
)

// Refusals lists every code of a Refusal.
func Refusals() []string {
	all := []Refusal{
		NotAPicture, HEIC, NotADocument, Empty, TooLarge, FewPixels, ManyPixels, Broken,
		Refusal(photo.Blurry), Refusal(photo.Dark), Refusal(photo.Glare), Refusal(photo.Grey),
	}
	codes := make([]string, len(all))
	for i, r := range all {
		codes[i] = string(r)
	}
	return codes
}

func (r Refusal) Error() string { return "the file is refused: " + string(r) }

// refusal is an error of a picture as a Refusal, where it is one.
func refusal(err error) error {
	for _, known := range []struct {
		err error
		Refusal
	}{
		{photo.ErrHEIC, HEIC},
		{photo.ErrType, NotAPicture},
		{photo.ErrEmpty, Empty},
		{photo.ErrTooLarge, TooLarge},
		{photo.ErrFewPixels, FewPixels},
		{photo.ErrManyPixels, ManyPixels},
		{photo.ErrBroken, Broken},
	} {
		if errors.Is(err, known.err) {
			return known.Refusal
		}
	}
	return err
}
