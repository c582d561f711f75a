package files

import (
	"errors"

	"docket/internal/form"
	"docket/internal/photo"
)

// Refusal is why a file cannot be accepted. Its text is a code that never changes: other systems act on it.
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
	Unreadable   Refusal = "unreadable_coding"
)

// Refusals lists every code of a Refusal: those above, and the warnings that a form may make refusals.
func Refusals() []string {
	codes := []string{
		string(NotAPicture), string(HEIC), string(NotADocument), string(Empty), string(TooLarge), string(FewPixels), string(ManyPixels), string(Broken), string(Unreadable),
	}
	return append(codes, form.Image.Blockable()...)
}

func (r Refusal) Error() string { return "the file is refused: " + string(r) }

// toRefusal turns an error of a picture into a Refusal, where it is one.
func toRefusal(err error) error {
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
		{photo.ErrCoding, Unreadable},
	} {
		if errors.Is(err, known.err) {
			return known.Refusal
		}
	}
	return err
}
