package formfile_test

import (
	"strings"
	"testing"

	"docket/internal/form/formfile"
)

func TestParse_DefaultsAndSources(t *testing.T) {
	t.Parallel()
	for field, want := range map[string]string{
		"type: date, default: today+7d":                           "",
		"type: date, default: soon":                               `"soon" is no answer to "x"`,
		"type: date, default: today, max: today-1d":               `"today" is no answer to "x"`,
		"type: country, default: VN":                              `"VN" is no answer to "x"`,
		"type: number, default: account.email":                    `"account.email" is no answer to "x"`,
		"type: image, default: a":                                 `"default" makes no sense for a field of type image`,
		"default: account.email":                                  "",
		"default: account.department":                             "",
		"from: account.department":                                "",
		"from: account.Department":                                `unknown source "account.Department"`,
		"from: account.emial":                                     `"account.emial" is nearly "account.email"`,
		"from: profile.email":                                     `unknown source "profile.email"`,
		"type: date, from: account.email":                         `"from" makes no sense for a field of type date`,
		"from: account.email, default: a":                         `needs no "default"`,
		"type: choice, options_from: ../a.csv":                    "must be the name of a CSV file in the folder of the form",
		"type: choice, options_from: a.csv, options: []":          `"options" and "options_from" exclude each other`,
		"help: 'Read [this](http://a.example)'":                   "column 37: a link leads to an address that begins with https://",
		"type: checkbox, label: '[x](https://a.example', name: y": "stands here a second time",
	} {
		_, err := formfile.Parse([]byte("name: x\ntitle: X\nfields:\n  - {name: x, label: X, " + field + "}\n"))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, want %q", field, err, want)
		}
	}
}
