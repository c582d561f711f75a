package views

import "github.com/a-h/templ"

// findsWhileTyping lets htmx show what is found a moment after each letter. The address is replaced, so that back leads to
// the page before the search.
func findsWhileTyping() templ.Attributes {
	return templ.Attributes{
		"hx-get":         ReviewPath(Filter{}),
		"hx-trigger":     "input delay:200ms, submit",
		"hx-target":      "#queue",
		"hx-swap":        "outerHTML",
		"hx-replace-url": "true",
		"hx-sync":        "this:replace",
		"hx-status:422":  "replace:false",
		"hx-status:4xx":  noticeSwap,
		"hx-status:5xx":  noticeSwap,
	}
}
