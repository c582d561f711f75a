package views

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"docket/internal/photo"
)

// aheadScriptData says where the page of a ticket that the agent holds claims the one that comes next, and gives it back.
func aheadScriptData(review Review) templ.Attributes {
	if !review.HeldByMe {
		return nil
	}
	return templ.Attributes{"data-ahead": AheadPath, "data-release-ahead": ReleaseAheadPath}
}

// stageWidth is how large a picture is shown when the page opens.
type stageWidth int

const (
	thumbnail stageWidth = iota
	halfStage            // two are compared
	wholeStage
)

// stageWidth is how large the picture at a place is shown when the page opens.
func (p galleryPhoto) stageWidth(first, compared bool) stageWidth {
	switch {
	case compared && p.Side != "":
		return halfStage
	case first && !compared:
		return wholeStage
	}
	return thumbnail
}

func (w stageWidth) size() int {
	if w == thumbnail {
		return photo.SmallPreview
	}
	return photo.LargePreview
}

// longest is the longer side of the picture as it is stored.
func (m Measurements) longest() int { return min(max(m.Width, m.Height), photo.LongestSide) }

// previewSizes are the sizes of its previews, for the script.
func (m Measurements) previewSizes() string {
	return strings.Trim(fmt.Sprint(photo.SizesOf(m.longest())), "[]")
}

// previewSet are its previews for a stage, each with its width.
func (p galleryPhoto) previewSet() string {
	var set []string
	sizes := photo.SizesOf(p.longest())
	for _, size := range sizes[min(1, len(sizes)-1):] {
		width := min(size, p.longest()) * p.Width / max(p.Width, p.Height)
		set = append(set, PreviewPath(p.File, size)+" "+strconv.Itoa(width)+"w")
	}
	return strings.Join(set, ", ")
}

// shownWidth is about how wide a picture is on the stage: as static/app.css lays it out on a wide window, and elsewhere as the window.
func (m Measurements) shownWidth(of stageWidth) string {
	wide, narrow := "100vw - 44rem", "100vw"
	height := "100vh - 15rem"
	if of == halfStage {
		wide, height, narrow = "66vw - 16.5rem", "66vh - 12.5rem", "50vw"
	}
	return fmt.Sprintf("(min-width: 75rem) min(%s, (%s) * %.3f), %s", wide, height, m.ratio(), narrow)
}

// ratio is the width of the picture to its height; 1 when it is not known.
func (m Measurements) ratio() float64 {
	if m.Width <= 0 || m.Height <= 0 {
		return 1
	}
	return float64(m.Width) / float64(m.Height)
}

// comparedColumns is how many of twelve columns the left one of two compared pictures has, so that both are as high as each other. It is
// empty when the two are higher than wide: then they stand beside the answers, otherwise above them.
func comparedColumns(shown []galleryPhoto) string {
	ratios := map[string]float64{}
	for _, p := range shown {
		ratios[p.Side] = p.ratio()
	}
	left, right := ratios["left"], ratios["right"]
	if left == 0 || right == 0 || left+right < 2 {
		return ""
	}
	return strconv.Itoa(int(min(max(math.Round(12*left/(left+right)), 4), 8)))
}
