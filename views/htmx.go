package views

import (
	"github.com/a-h/templ"

	"docket/internal/form"
)

// posts lets htmx send a form or the form around a button: what comes back replaces target.
// An error goes into the notice instead, so that nothing typed is lost.
func posts(url, target string) templ.Attributes {
	return templ.Attributes{
		"hx-post":       url,
		"hx-target":     target,
		"hx-swap":       "outerHTML show:top",
		"hx-push-url":   "true",
		"hx-status:409": "push:false",
		"hx-status:422": "push:false",
		"hx-status:4xx": noticeSwap,
		"hx-status:5xx": noticeSwap,
	}
}

// changesRows lets htmx send the form around a button that adds or removes a row: what comes back replaces the group.
func changesRows(site Site, group form.Field) templ.Attributes {
	a := posts(site.Link.Form(), "#"+fieldID(group))
	a["hx-swap"], a["hx-push-url"], a["hx-sync"] = "outerHTML", "false", "closest form:queue all"
	return a
}

// gets lets htmx follow a link or send a form of filters: what comes back replaces target.
func gets(url, target string) templ.Attributes {
	return templ.Attributes{
		"hx-get":        url,
		"hx-target":     target,
		"hx-swap":       "outerHTML",
		"hx-push-url":   "true",
		"hx-sync":       target + ":replace",
		"hx-status:422": "push:false",
		"hx-status:4xx": noticeSwap,
		"hx-status:5xx": noticeSwap,
	}
}

const noticeSwap = "target:#notice swap:innerHTML push:false"

// describedBy ties a control to its help and to what is wrong with it.
func describedBy(id string, help bool, problem string) templ.Attributes {
	a := templ.Attributes{}
	switch {
	case help && problem != "":
		a["aria-describedby"] = id + "-help " + id + "-problem"
	case help:
		a["aria-describedby"] = id + "-help"
	case problem != "":
		a["aria-describedby"] = id + "-problem"
	}
	if problem != "" {
		a["aria-invalid"] = "true"
	}
	return a
}

// takes is what a button of the form does that takes an answer that was read: the form is saved and shown again as it is then.
func takes(site Site) templ.Attributes {
	a := posts(site.Link.Form(), "#ticket-form")
	a["hx-swap"] = "outerHTML"
	delete(a, "hx-push-url")
	return a
}
