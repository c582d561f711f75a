package views_test

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/views"
)

// element is one tag of a rendered page.
type element struct {
	name string
	attr map[string]string
}

func html(t *testing.T, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// elements reads a page as browsers do, near enough: every tag is closed in order, or this fails.
func elements(t *testing.T, page string) []element {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var all []element
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("not well formed: %v", err)
		}
		if start, ok := token.(xml.StartElement); ok {
			e := element{start.Name.Local, map[string]string{}}
			for _, a := range start.Attr {
				name := a.Name.Local
				if a.Name.Space != "" {
					name = a.Name.Space + ":" + name
				}
				e.attr[name] = a.Value
			}
			all = append(all, e)
		}
	}
}

func each(t *testing.T, check func(t *testing.T, s state, page string, all []element)) {
	t.Helper()
	for _, s := range states(t) {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			page := html(t, s.Page)
			check(t, s, page, elements(t, page))
		})
	}
}

func TestPages_ControlsHaveLabels(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ state, _ string, all []element) {
		labelled := map[string]bool{}
		for _, e := range all {
			if e.name == "label" {
				labelled[e.attr["for"]] = true
			}
		}
		for _, e := range all {
			control := slices.Contains([]string{"input", "select", "textarea"}, e.name) && e.attr["type"] != "hidden"
			_, shortcuts := e.attr["data-keys"] // stands inside its label
			if control && !shortcuts && e.attr["aria-label"] == "" && !labelled[e.attr["id"]] {
				t.Errorf("no label for %v", e)
			}
			written := e.name == "textarea" || slices.Contains([]string{"text", "email", "tel", "password", "search"}, e.attr["type"])
			if e.attr["maxlength"] != "" && !written {
				t.Errorf("a length where nothing is written: %v", e)
			}
		}
	})
}

func TestPages_ReferencesResolve(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ state, _ string, all []element) {
		ids := map[string]int{}
		for _, e := range all {
			if id := e.attr["id"]; id != "" {
				ids[id]++
			}
		}
		for id, n := range ids {
			if n != 1 {
				t.Errorf("id %q stands %d times", id, n)
			}
		}
		for _, e := range all {
			for _, id := range referred(e) {
				if ids[id] != 1 {
					t.Errorf("<%s> refers to %q, which is not there", e.name, id)
				}
			}
		}
	})
}

func referred(e element) []string {
	ids := strings.Fields(e.attr["aria-describedby"] + " " + e.attr["aria-labelledby"] + " " + e.attr["for"])
	if href, local := strings.CutPrefix(e.attr["href"], "#"); local {
		ids = append(ids, href)
	}
	if target, local := strings.CutPrefix(e.attr["hx-target"], "#"); local {
		ids = append(ids, target)
	}
	return ids
}

func TestPages_ContentSecurityPolicy(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ state, page string, all []element) {
		for _, e := range all {
			for name, value := range e.attr {
				if name == "style" || strings.HasPrefix(name, "on") || strings.HasPrefix(name, "hx-on") || strings.HasPrefix(value, "js:") {
					t.Errorf("<%s %s=%q>", e.name, name, value)
				}
			}
			if e.name == "style" || e.name == "script" && e.attr["src"] == "" {
				t.Errorf("inline <%s>", e.name)
			}
		}
		if strings.Contains(page, hostile) {
			t.Error("what a user typed came out as markup")
		}
	})
}

func TestPages_ContainTheirFragment(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s state, page string, _ []element) {
		part := html(t, s.Part)
		if !strings.Contains(page, part) {
			t.Error("the part is not in the page as it is")
		}
		if root := elements(t, part)[0]; root.attr["id"] == "" {
			t.Errorf("the root <%s> has no id", root.name)
		}
		if n := strings.Count(page, "<h1"); n != 1 {
			t.Errorf("%d headings of the first order, want 1", n)
		}
	})
}

func TestPages_NothingInternalForCustomers(t *testing.T) {
	t.Parallel()
	secrets := []string{secretNote, "agent:", "clerk-0042", agentMail, "minh@desk.example"}
	for _, r := range formfile.Default().Reasons {
		secrets = append(secrets, `"`+r.Code+`"`, ">"+r.Code+"<", r.Label)
	}
	each(t, func(t *testing.T, s state, page string, _ []element) {
		if s.Role != "customer" {
			t.Skip("not a customer's page")
		}
		for _, secret := range secrets {
			if strings.Contains(page, secret) {
				t.Errorf("a customer reads %q", secret)
			}
		}
	})
}

func TestTicketPage_RejectionSaysWhatToDo(t *testing.T) {
	t.Parallel()
	for _, s := range states(t) {
		page := html(t, s.Page)
		again := strings.Contains(page, "Take the photo again")
		if want := s.Name == "ticket-rejected"; again != want {
			t.Errorf("%s offers another try: %t, want %t", s.Name, again, want)
		}
		final := strings.Contains(page, "cannot be sent again.</p>") && s.Role == "customer"
		if want := slices.Contains([]string{"ticket-rejected-final", "ticket-revoked-final"}, s.Name); final != want {
			t.Errorf("%s says it is final: %t, want %t", s.Name, final, want)
		}
	}
}

func TestTicketForm_ProblemAtItsField(t *testing.T) {
	t.Parallel()
	for _, s := range states(t) {
		if s.Name != "form-wrong" {
			continue
		}
		all := elements(t, html(t, s.Page))
		at := slices.IndexFunc(all, func(e element) bool { return e.attr["name"] == "document_number" })
		got := all[at].attr
		if got["aria-invalid"] != "true" || !strings.Contains(got["aria-describedby"], "field-document_number-problem") || got["value"] != "x" {
			t.Errorf("document_number: %v", got)
		}
		if !slices.ContainsFunc(all, func(e element) bool { return e.attr["href"] == "#field-document_number" }) {
			t.Error("the summary does not lead to the field")
		}
	}
}

func TestReview_ConflictKeepsTypedText(t *testing.T) {
	t.Parallel()
	for _, s := range states(t) {
		page := html(t, s.Part)
		if s.Name == "review-late" && !(strings.Contains(page, "Name on the back differs.") && strings.Contains(page, "Approved by <bdi>minh@desk.example</bdi>")) {
			t.Error("who was faster or what was typed is missing")
		}
		if s.Name == "review-stale" && !strings.Contains(page, "Kept.") {
			t.Error("what was typed is not in the form again")
		}
		decides := strings.Contains(page, "data-decision")
		if want := slices.Contains([]string{"review", "review-mine", "review-wrong", "review-stale", "review-long"}, s.Name); decides != want {
			t.Errorf("%s lets one decide: %t, want %t", s.Name, decides, want)
		}
	}
}

func TestPages_FormsNameTheirAccount(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s state, page string, all []element) {
		if !strings.Contains(page, `data-account="`) || strings.Contains(page, `data-account=""`) {
			return // nobody is signed in
		}
		for i, e := range all {
			action := e.attr["action"]
			if e.name != "form" || e.attr["method"] != "post" || action == views.LoginPath("") || action == views.SignupPath("") {
				continue
			}
			if next := all[i+1]; next.attr["name"] != form.AccountInput || next.attr["value"] == "" {
				t.Errorf("%s: the form for %s begins with %v, not with its account", s.Name, action, next)
			}
		}
	})
}
