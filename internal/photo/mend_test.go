package photo

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"

	"docket/internal/testkit/testpicture"
)

// mostPixels bounds the pictures that FuzzMendFile decodes.
const mostPixels = 256 * 256

// What is right stays right: a file that can be decoded is mended to one that shows the same. And no mended file is larger than what ends it.
func FuzzMendFile(f *testing.F) {
	small := image.Rect(0, 0, 40, 30)
	f.Add(testpicture.RestartJPEG(64, func(row int) byte { return byte(row % 8) }))
	f.Add(testpicture.RestartJPEG(64, func(int) byte { return testpicture.NoRestart }))
	f.Add(testpicture.ProgressiveJPEG(64, 2))
	f.Add(testpicture.JPEG(image.NewGray(small), 10))
	f.Add(testpicture.PNG(image.NewGray16(small)))
	f.Add(testpicture.PNG(image.NewPaletted(small, color.Palette{color.Transparent, color.Black})))
	f.Fuzz(func(t *testing.T, data []byte) {
		ending := map[kind]int{kindJPEG: 2, kindPNG: len(pngMagic) + 12}
		for k, bytesMore := range ending {
			mended := mendFile(data, k)
			if len(mended) > len(data)+bytesMore {
				t.Errorf("%d bytes become %d", len(data), len(mended))
			}
			right, err := decodeSmall(data, k)
			if err != nil || right == nil {
				continue
			}
			got, err := decodeSmall(mended, k)
			if err != nil {
				t.Fatalf("what could be decoded cannot any more: %v", err)
			}
			if !bytes.Equal(testpicture.PNG(got), testpicture.PNG(right)) {
				t.Error("it shows something else")
			}
		}
	})
}

// decodeSmall decodes a picture with few pixels. It is nil when there are more.
func decodeSmall(data []byte, k kind) (image.Image, error) {
	config, decode := jpeg.DecodeConfig, jpeg.Decode
	if k == kindPNG {
		config, decode = png.DecodeConfig, png.Decode
	}
	size, err := config(bytes.NewReader(data))
	if err != nil || size.Width > mostPixels || size.Height > mostPixels || size.Width*size.Height > mostPixels {
		return nil, err
	}
	return decode(bytes.NewReader(data))
}
