package web_test

import (
	"maps"
	"net/url"
	"strings"
	"testing"

	"docket/internal/account"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

const citizenRows = `name: owners
title: Owners
fields:
  - {name: kind, label: Kind, type: choice, required: true, options: [{value: person, label: Person}, {value: company, label: Company}]}
  - name: owners
    label: Owners
    type: group
    many: 3
    row_label: Owner
    when: kind == 'company'
    fields:
      - {name: number, label: Number, citizen_number: {country: VNM, birth_date: born}}
      - {name: born, label: Born, type: date}
reasons: [{code: other, label: Other, class: retry, text: Please write it again.}]
`

// TestCitizenRows_Live tells while people type that the number in a row is of somebody else, whether or not the group has a condition.
func TestCitizenRows_Live(t *testing.T) {
	t.Parallel()
	typed := url.Values{
		"kind": {"company"}, "owners": {"0", "1"}, "owners.0.number": {"001304012345"}, "owners.0.born": {"2004-11-05"},
		"owners.1.number": {"001304012345"}, "owners.1.born": {"2005-11-05"},
	}
	always := strings.Replace(citizenRows, "    when: kind == 'company'\n", "", 1)
	for name, text := range map[string]string{
		"group with a condition": citizenRows, "always": always, "number with a condition": strings.Replace(always, "VNM,", "VNM, when: kind == 'company',", 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := formfile.Parse([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			s := testsite.Start(t, f, 1, testdb.New(t))
			b, _ := signedIn(t, s, "customer", account.Customer)
			typed := maps.Clone(typed)
			typed.Set("submission_id", someID)
			page := b.get(b.post("/tickets/new", typed).want(t, 303).location()).want(t, 200)
			sent := url.Values{}
			for _, tag := range strings.Split(page.body, "<")[1:] {
				tag, _, _ = strings.Cut(tag, ">")
				if strings.Contains(tag, "data-decides") {
					for key, values := range typed {
						if strings.Contains(tag, `name="`+key+`"`) {
							sent[key] = values
						}
					}
				}
			}
			const told = "Your number is of a person who is: <bdi>born in 2004</bdi>. You wrote: <bdi>5 November 2005</bdi>."
			if got := b.post("/tickets/new/asked", sent).want(t, 200); strings.Count(got.body, told) != 1 || strings.Count(page.body, told) != 1 {
				t.Errorf("told %d times, at once %d times, want once; sent %v", strings.Count(page.body, told), strings.Count(got.body, told), sent)
			}
		})
	}
}
