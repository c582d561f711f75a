package views

import (
	"net/http"
	"strconv"
)

var problems = map[int][2]string{
	http.StatusForbidden:             {"This page is not for your account", "You are signed in, but with an account that may not do this."},
	http.StatusNotFound:              {"There is nothing here", "The address may be mistyped, or what stood here is gone."},
	http.StatusMethodNotAllowed:      {"That does not work here", "This address exists, but not for what was asked of it."},
	http.StatusConflict:              {"Somebody was faster", "What you wanted to change has changed meanwhile. Look again before you go on."},
	http.StatusRequestEntityTooLarge: {"That is too much at once", "What you sent is larger than this page accepts. Send less and try again."},
	http.StatusUnprocessableEntity:   {"That was not understood", "Something in the address or in what you sent is not as expected."},
	http.StatusTooManyRequests:       {"Too many tries", "Wait a minute, then try again."},
	http.StatusInternalServerError:   {"Something broke on our side", "It is not your fault, and it has been written down. Try again in a moment."},
	http.StatusServiceUnavailable:    {"We cannot do that right now", "Nothing is lost. Try again in a minute."},
}

func (p Problem) title() string {
	if p.Title != "" {
		return p.Title
	}
	if words, known := problems[p.Status]; known {
		return words[0]
	}
	return "That did not work"
}

func (p Problem) detail() string {
	if p.Detail != "" {
		return p.Detail
	}
	if words, known := problems[p.Status]; known {
		return words[1]
	}
	return "Try again in a moment."
}

func (p Problem) code() string { return strconv.Itoa(p.Status) }

func (p Problem) back() string {
	if p.Back != "" {
		return p.Back
	}
	return HomePath
}

func (p Problem) backWords() string {
	if p.Back != "" {
		return "Go back"
	}
	return "Go to the first page"
}
