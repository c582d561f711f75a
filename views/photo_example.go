package views

// exampleDrawing is one drawing of how a photo should be, or should not.
type exampleDrawing struct {
	Good     bool
	Place    string // where the thing is in it, as an SVG transform; empty: in the middle
	Glare    bool   // light is reflected
	Covered  bool   // a part of the face
	CaptionT string // the key of what is said of it
}

// exampleDrawings are the drawings of a value of "example": a good one first, then what goes wrong most.
func exampleDrawings(example string) []exampleDrawing {
	if example == "selfie" {
		return []exampleDrawing{
			{Good: true, CaptionT: "example.face"},
			{Place: "translate(32 30) scale(0.34)", CaptionT: "example.far"},
			{Covered: true, CaptionT: "example.covered"},
		}
	}
	return []exampleDrawing{
		{Good: true, CaptionT: "example.whole"},
		{Place: "translate(-30 16) scale(1.12)", CaptionT: "example.cut"},
		{Glare: true, CaptionT: "example.glare"},
	}
}
