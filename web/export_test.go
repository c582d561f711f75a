package web

// For tests.
var Paced = paced

// For tests.
const (
	PartsMost = partsMost
	TextMost  = bodyMost
)
