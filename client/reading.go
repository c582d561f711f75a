package client

// Read is one thing that was read of a photo, where the form reads it. It is no answer by itself.
type Read struct {
	Reader string   `json:"reader"` // "mrz": a machine-readable zone; "qr": the code of a card
	Name   string   `json:"name"`   // such as "number" or "birth_date"
	Text   string   `json:"text"`   // a day as 2006-01-02, or as much of its beginning as is known
	Sure   bool     `json:"sure"`   // its check digit holds, or every letter is plain
	Mended bool     `json:"mended"` // a letter was exchanged so that its check digit holds
	Place  Place    `json:"place"`
	Fields []string `json:"fields"` // whose answers it is compared with
}

// Place is where something stands in a photo, in shares of its width and height.
type Place struct {
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
	Turn   int     `json:"turn"` // by how many degrees, clockwise, the photo is turned so that it is upright
}

// Match is how an answer compares with what was read.
type Match string

// The matches. Unread: nothing was read that is sure enough, or nothing is answered.
const (
	Same    Match = "match"
	Near    Match = "near"
	Differs Match = "differs"
	Unread  Match = "unread"
)
