// Package reader reads pictures: machine-readable zones, codes of cards, and where faces are.
package reader

import (
	"context"
	"image"
	"slices"
	"time"
	"unicode/utf8"

	"docket/internal/citizencard"
	"docket/internal/evidence"
	"docket/internal/face"
	"docket/internal/grey"
	"docket/internal/mrz"
	"docket/internal/plaintext"
	"docket/internal/qr"
)

// maxFaces is how many faces are kept of a picture.
const maxFaces = 8

// Read reads a picture with these readers, as package evidence names them, each for so long. The code of a card has a layout; nil: that of
// Vietnamese ones. A reader that fails, or is not ready by then, reads nothing.
func Read(ctx context.Context, img image.Image, readers []string, card *citizencard.Layout, each time.Duration) (read evidence.Reading) {
	passport, turn := false, 0
	for _, name := range []string{evidence.MRZ, evidence.QR, evidence.Faces} { // faces last: the others say which way the picture lies
		if !slices.Contains(readers, name) || passport && name == evidence.QR { // which has no code
			continue
		}
		withoutPanic(func() {
			ctx, cancel := context.WithTimeout(ctx, each)
			defer cancel()
			switch name {
			case evidence.MRZ:
				values, size := readZone(ctx, img, time.Now())
				read.Values = append(read.Values, values...)
				number, _ := read.Value(evidence.MRZ, evidence.Number)
				passport = size == mrz.TD3 && number.Sure
			case evidence.QR:
				read.Values = append(read.Values, readCode(ctx, img, card)...)
			case evidence.Faces:
				readFaces(ctx, img, turn, &read)
			}
			if sure := slices.IndexFunc(read.Values, func(v evidence.Value) bool { return v.Sure }); sure >= 0 {
				turn = read.Values[sure].Place.Turn
			}
		})
	}
	return read
}

// withoutPanic ends a reader that a picture breaks: the picture is stored without what it would have read.
func withoutPanic(read func()) {
	defer func() { _ = recover() }()
	read()
}

// readCode reads the first code of a citizen card.
func readCode(ctx context.Context, img image.Image, layout *citizencard.Layout) (values []evidence.Value) {
	codes, err := qr.Read(ctx, img)
	if err != nil {
		return nil
	}
	for _, code := range codes {
		card, place := readCard(code.Text, layout), placeIn(img.Bounds(), code.Place)
		place.Turn = code.Turn
		for _, name := range evidence.Names(evidence.QR) {
			if text := showableText(card[name]); text != "" {
				values = append(values, evidence.Value{Reader: evidence.QR, Name: name, Text: text, Place: place, Sure: true})
			}
		}
		if values != nil {
			break
		}
	}
	return values
}

// maxLetters is how long a text of a code may be; no address on a card is as long.
const maxLetters = 500

// showableText is a text of a code, cleaned as what people type; "" when there is none, it is too long, or it could deceive who reads it.
func showableText(text string) string {
	clean, _ := plaintext.Clean(text, false)
	if utf8.RuneCountInString(clean) > maxLetters {
		return ""
	}
	return clean
}

// readCard is what the code of a card says, as package evidence names it; nil when it is none.
func readCard(code string, layout *citizencard.Layout) map[string]string {
	if layout != nil {
		card, _ := layout.Read(code)
		return card
	}
	card, _ := citizencard.Vietnamese(code)
	return card
}

// facesSide is the longer side of the copy in which faces are looked for when the picture does not lie upright.
const facesSide = 1280

// readFaces finds faces, in the picture as it is upright once it is turned clockwise by so many degrees, and says what they make of it.
func readFaces(ctx context.Context, img image.Image, turn int, read *evidence.Reading) {
	upright := img
	if turn != 0 {
		upright = grey.Turn(grey.Shrink(img, facesSide), turn)
	}
	found, err := face.Find(ctx, upright)
	if err != nil {
		return
	}
	read.Faces, read.FaceState = []evidence.Place{}, string(face.StateOf(found, upright.Bounds()))
	for _, one := range found[:min(len(found), maxFaces)] {
		lying := grey.TurnRectangle(one.Place, upright.Bounds(), 360-turn)
		picture := grey.TurnRectangle(upright.Bounds(), upright.Bounds(), 360-turn)
		place := placeIn(picture, lying)
		place.Turn = turn
		read.Faces = append(read.Faces, place)
	}
}

// placeIn is where a rectangle is in a picture.
func placeIn(picture, at image.Rectangle) evidence.Place {
	at = at.Intersect(picture)
	w, h := float64(picture.Dx()), float64(picture.Dy())
	round := func(share float64) float64 { return float64(int(share*10_000+0.5)) / 10_000 }
	return evidence.Place{
		X: round(float64(at.Min.X-picture.Min.X) / w), Y: round(float64(at.Min.Y-picture.Min.Y) / h),
		Width: round(float64(at.Dx()) / w), Height: round(float64(at.Dy()) / h),
	}
}
