package views

import "strings"

// describedByProblem adds the problem of a control to the elements that describe it.
func describedByProblem(others any, id string) string {
	text, _ := others.(string)
	return strings.TrimSpace(text + " " + id + "-problem")
}
