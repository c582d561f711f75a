package formfile_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/form/formkeys"
)

// head and foot make a whole form out of the part that a case is about: its first line is line 3, its first field line 4.
const head = "name: x\ntitle: X\n"

// oneRule is a form with a text, a picture, a reason and one rule of these keys, the first of them on line 9.
func oneRule(keys string) string {
	return head + "fields:\n  - {name: a, label: A, max_length: 9}\n  - {name: p, label: P, type: image}\n" +
		"reasons:\n  - {code: c, label: C, class: retry, text: No.}\nrules:\n" + strings.Replace(indent(keys), "    ", "  - ", 1)
}

// bilingual begins a form in two languages; what follows begins on line 4.
const bilingual = "name: x\nlanguages: [en, vi]\ntitle: {en: X, vi: X}\n"

// oneField is a form whose one field has these keys, the first of them on line 6, column 5.
func oneField(keys string) string {
	return head + "fields:\n  - name: a\n    label: A\n" + indent(keys)
}

// oneReason is a form whose one reason has these keys, the first of them on line 7, column 5.
func oneReason(keys string) string {
	return head + "fields: [{name: a, label: A}]\nreasons:\n  - code: c\n    label: C\n" + indent(keys)
}

func indent(lines string) string {
	if lines == "" {
		return ""
	}
	return "    " + strings.ReplaceAll(lines, "\n", "\n    ") + "\n"
}

func parse(t *testing.T, src string) *form.Form {
	t.Helper()
	f, err := formfile.Parse([]byte(src))
	if err != nil {
		t.Fatalf("parse: %v\n%s", err, src)
	}
	return f
}

func TestParse_Mistakes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		src  string
		want []string // each is a mistake: "LINE:COLUMN words"
	}{
		"nothing":             {"", []string{`1:1 the file is empty`}},
		"only a comment":      {"# later\n", []string{`1:1 the file is empty`}},
		"not YAML":            {"name: x\n title: X\n", []string{`2:7 this is not YAML`}},
		"an open bracket":     {"name: x\nlist: [\n", []string{`3:1 this is not YAML`}},
		"two documents":       {head + "---\nname: y\n", []string{`3:1 a second document begins here`}},
		"a broken second one": {head + "---\na: [\n", []string{`5:1 this is not YAML`}},
		"not UTF-8":           {"name: x\ntitle: \xff\n", []string{`2:8 this is not UTF-8 text`}},
		"a control character": {"name: x\ntitle: é\x00\n", []string{`2:9 control character U+0000`}},
		"an escaped NUL":      {oneReason(`class: retry` + "\n" + `text: "No\0. Again"`), []string{`8:14 control character U+0000; delete it`}},
		"NULs everywhere":     {head + `fields: [{name: a, label: "é\x00"}, {name: b, label: B, help: "\u00e9 \n \U00000000\0"}]` + "\n" + `"\0": x` + "\n", []string{`3:29 control character U+0000`, `3:74 control character U+0000`, `4:1 unknown key "\x00"`, `4:2 control character U+0000`}},
		"a NUL on a new line": {oneField("help: \"a\\\n  b\n\n  c\\0\""), []string{`9:8 control character U+0000`}},
		"too large":           {"# " + strings.Repeat("x", 256<<10), []string{`1:1 the file has 262146 bytes; a form file has at most 262144`}},
		"a list":              {"- name: x\n", []string{`1:1 the form must be "key: value" lines, but this is a list`}},
		"a text":              {"hello\n", []string{`1:1 the form must be "key: value" lines, but this is text`}},

		"no name":                   {"title: X\nfields: [{name: a, label: A}]\n", []string{`1:1 the form needs "name"; add a line "name: …"`}},
		"no title":                  {"name: x\nfields: [{name: a, label: A}]\n", []string{`1:1 the form needs "title"`}},
		"an empty title":            {"name: x\ntitle:\nfields: [{name: a, label: A}]\n", []string{`2:7 "title" is empty`}},
		"a blank title":             {"name: x\ntitle: ' '\nfields: [{name: a, label: A}]\n", []string{`2:8 "title" is empty`}},
		"a bad name":                {"name: My form\ntitle: X\nfields: [{name: a, label: A}]\n", []string{`1:7 "My form" cannot be a name`}},
		"an unknown key":            {oneField("") + "timezone: UTC\n", []string{`6:1 unknown key "timezone" in the form; did you mean "time_zone"?`}},
		"a key far from all":        {oneField("") + "colour: red\n", []string{`6:1 unknown key "colour" in the form; use one of name, languages, title,`}},
		"a key twice":               {oneField("") + "title: Y\n", []string{`6:1 "title" stands here a second time (the first is on line 2)`}},
		"a key that is a list":      {oneField("") + "? [a]\n: 3\n", []string{`6:3 a key of the form must be a word, but this is a list`}},
		"an unknown zone":           {oneField("") + "time_zone: Europe/Atlantis\n", []string{`6:12 unknown time zone "Europe/Atlantis"; use a name such as`}},
		"the machine's zone":        {oneField("") + "time_zone: Local\n", []string{`6:12 unknown time zone "Local"`}},
		"a zone with a path":        {oneField("") + "time_zone: ../etc\n", []string{`6:12 unknown time zone "../etc"`}},
		"a first opinion of nobody": {oneField("") + "second_approval: {when: \"a == 'x'\", first: nobody}\n", []string{`6:44 unknown first "nobody"; use one of agents, anyone`}},
		"a look of a number":        {oneField("") + "second_look: 5\n", []string{`6:14 "second_look" must be a share from 0% to 100%, such as 5%, not "5"`}},
		"a look of too much":        {oneField("") + "second_look: 101%\n", []string{`6:14 "second_look" must be a share`}},
		"a look of no number":       {oneField("") + "second_look: NaN%\n", []string{`6:14 "second_look" must be a share`}},
		"retain a list":             {oneField("") + "retain: [1d]\n", []string{`6:9 "retain" must be "key: value" lines`}},
		"retain unknown":            {oneField("") + "retain: {aproved: 1y}\n", []string{`6:10 unknown key "aproved" in "retain"; use one of approved, rejected, withdrawn, revoked, drafts (did you mean "approved"?)`}},
		"retain no unit":            {oneField("") + "retain: {approved: 30}\n", []string{`6:20 "approved" must be a number of days (d), weeks (w), months (m) or years (y), such as 30d or 5y, not "30"`}},
		"valid for no unit":         {oneField("") + "approval: {valid_for: 15}\n", []string{`6:23 "valid_for" must be a number of seconds (s), minutes (min), hours (h), days (d), weeks (w), months (m) or years (y), such as 8h or 2y, not "15"`}},
		"valid for nothing":         {oneField("") + "approval: {valid_for: 0s}\n", []string{`6:23 "valid_for" must be a number of seconds`}},
		"retain nothing":            {oneField("") + "retain: {approved: 0d}\n", []string{`6:20 "approved" must be a number of days`}},
		"retain too long":           {oneField("") + "retain: {drafts: 101y}\n", []string{`6:18 "drafts" is longer than a hundred years`}},
		"open tickets":              {oneField("") + "open_tickets_per_user: some\n", []string{`6:24 unknown open_tickets_per_user "some"; use one of one, many`}},
		"a list that is text":       {oneField("") + "list: a\n", []string{`6:7 "list" must be a list ("- …" lines), but this is text`}},
		"compares a text":           {oneField("type: image") + "  - {name: b, label: B}\ncompare: [a, b]\n", []string{`8:14 "b" is of type text; only pictures are compared`}},
		"compares one":              {oneField("type: image") + "compare: [a]\n", []string{`7:10 "compare" names two fields, the one on the left and the one on the right, but this has 1`}},
		"compares itself":           {oneField("type: image") + "compare: [a, a]\n", []string{`7:14 "a" stands on the left already`}},
		"compares an unknown":       {oneField("type: image") + "compare: [a, b]\n", []string{`7:14 no field is named "b"`}},
		"compares no list":          {oneField("type: image") + "compare: a\n", []string{`7:10 "compare" must be a list`}},
		"a queue of nobody":         {oneField("") + "queues: [{title: X}]\n", []string{`6:10 a queue needs "name"`}},
		"an approval of nothing":    {oneField("") + "approval: {ask_again: 3d}\n", []string{`6:11 "approval" needs "valid_for" or "until"; add a line "valid_for: 2y"`}},
		"an approval of a while":    {oneField("") + "approval: {valid_for: soon}\n", []string{`6:23 "valid_for" must be a number of seconds (s), minutes (min), hours (h), days (d), weeks (w), months (m) or years (y), such as 8h or 2y, not "soon"`}},
		"an end that is no time":    {oneField("") + "approval: {until: a}\n", []string{`6:19 "until" must be a date or a time, but this is a text`}},
		"an end of no field":        {oneField("") + "approval: {until: answers.b}\n", []string{`6:19 nothing is named "answers.b"; use one of a, today`}},
		"a subject of no field":     {oneField("") + "latest_per: b\n", []string{`6:13 no field is named "b"; use one of a`}},
		"a subject that is long":    {oneField("max_length: 500") + "latest_per: a\n", []string{`7:13 the field "a" may have 500 characters; for "latest_per" give it a "max_length" of 200 or less`}},
		"a subject that is a date":  {oneField("type: date") + "latest_per: a\n", []string{`7:13 "latest_per" must be a field of type choice or text, but "a" is of type date`}},
		"a subject that is granted": {oneField("") + "latest_per: grant.b\n", []string{`6:13 an approval is asked no "b"; name a field of "decisions"`}},
		"a history of no status":    {oneRule("name: r\nwhen: 1 == 1 && history.count('refused', 9d) > zz\ndecide: reject\nreason: c"), []string{`10:21 tickets are not "refused"; use one of submitted, processing, approved, rejected, withdrawn, revoked`}},
		"a sum of a text":           {oneRule("name: r\nwhen: history.sum('a', '9d') > 1\ndecide: reject\nreason: c"), []string{`10:11 history.sum adds up the answers to a field that is a number, and "a" is none`}},
		"a history of no time":      {oneRule("name: r\nwhen: history.count('rejected', 9y) > 1\ndecide: reject\nreason: c"), []string{`10:11 "9y" is no time; write hours (h), days (d) or weeks (w), such as '90d'`}},
		"a history that is counted": {oneRule("name: r\nwhen: history.count(a, '9d') > 1\ndecide: reject\nreason: c"), []string{`10:11 this takes two texts, written out`}},
		"behind a history":          {oneRule("name: r\nwhen: history.count('rejected', 9d) > 1 && zz\ndecide: reject\nreason: c"), []string{`10:48 no field is named "zz"; use one of a, p, today, duplicates.identity, history.processing, history.approved, history.rejected, history.withdrawn, history.revoked, signals.p.width, signals.p.height, signals.p.blur, signals.p.brightness, signals.p.glare, signals.p.grey`}},
		"a queue twice":             {oneField("") + "queues: [{name: q}, {name: q}]\n", []string{`6:28 the name "q" is taken by the queue on line 6`}},
		"a queue badly named":       {oneField("") + "queues: [{name: Q, team: My team}]\n", []string{`6:17 "Q" cannot be a name`, `6:26 "My team" cannot be a name`}},
		"a queue of a team":         {oneField("") + "queues: [{name: q, team: everyone}]\n", []string{`6:26 "everyone" cannot be a name`}},
		"a queue of no field":       {oneField("") + "queues:\n  - name: q\n    when: a == 'x' && c == 'y'\n", []string{`8:23 `}},
		"a queue when a text":       {oneField("") + "queues: [{name: q, when: a}]\n", []string{`6:26 "when" must be true or false`}},
		"a check of no field":       {oneField("") + "checks:\n  - when: a == 'x' && c == 'y'\n    fields: [a]\n    text: No.\n", []string{`7:23 no field is named "c"`}},
		"a check at no field":       {oneField("") + "checks:\n  - {when: a == 'x', text: No.}\n  - {when: a == 'x', fields: [], text: No.}\n", []string{`7:5 a check needs "fields"`, `8:30 "fields" is empty`}},
		"a check at an unknown":     {oneField("") + "checks: [{when: a == 'x', fields: [a, b], text: No.}]\n", []string{`6:39 no field is named "b"`}},
		"a check of nothing":        {oneField("") + "checks: [{fields: [a]}]\n", []string{`6:10 a check needs "when"`, `6:10 a check needs "text"`}},
		"a check of a wrong digit":  {oneField("type: number") + "checks: [{when: luhn(a), fields: [a], text: No.}]\n", []string{`7:21 "luhn" cannot be used with a number`}},
		"a check misspelt":          {oneField("") + "checks: [{when: lun(a), fields: [a], text: No.}]\n", []string{`6:17 no function is called "lun"; did you mean "luhn"?`}},
		"a check in one language":   {bilingual + "fields: [{name: a, label: {en: A, vi: A}}]\nchecks: [{when: a == 'x', fields: [a], text: No.}]\n", []string{`5:46 "text" must be given in each language`}},
		"accepts another kind":      {oneField("type: file\naccept: [pdf, doc, pdf]\nmany: 99"), []string{`7:19 unknown kind of file "doc"; use one of pdf, image`, `7:24 "pdf" stands here a second time`, `8:11 "many" must be a whole number from 1 to 10`}},
		"accepts nothing":           {oneField("type: file\naccept: []"), []string{`7:13 "accept" is empty`}},
		"many pictures":             {oneField("type: image\nmany: 2"), []string{`7:5 "many" makes no sense for a field of type image; it belongs to file or group`}},
		"money of nowhere":          {oneField("type: money"), []string{`4:5 money needs "currency"`}},
		"money of no currency":      {oneField("type: money\ncurrency: [EUR, XXY, EUR]\nmin: 0.001"), []string{`7:21 no currency has the code "XXY"`, `7:26 "EUR" stands here a second time`, `8:10 "min" must be an amount such as 10 or 0.50 with at most 2 digits`}},
		"no likely country":         {oneField("type: country\nlikely: [VNM, XYZ, VNM]"), []string{`7:19 no country has the code "XYZ"`, `7:24 "VNM" stands here a second time`}},
		"likely of a text":          {oneField("likely: [VNM]"), []string{`6:5 "likely" makes no sense for a field of type text; it belongs to country`}},
		"proposed by nothing":       {oneField("type: country\nproposes: b"), []string{`7:15 no field is named "b"`}},
		"proposed by itself":        {oneField("type: country\nproposes: a"), []string{`7:15 "a" cannot propose its own answer`}},
		"proposed to a text":        {oneField("proposes: a"), []string{`6:5 "proposes" makes no sense for a field of type text; it belongs to country`}},
		"proposed by a text":        {head + "fields:\n  - {name: t, label: T}\n  - {name: a, label: A, type: country, proposes: t}\n", []string{`5:50 "t" is of type text; name a field of type country`}},
		"proposed to a known one":   {oneField("type: country\nproposes: a\ndefault: VNM"), []string{`7:5 "proposes" and an answer that is known from the start exclude each other`}},
		"a currency of a number":    {oneField("type: number\ncurrency: EUR"), []string{`7:5 "currency" makes no sense for a field of type number; it belongs to money`}},
		"money of two alone":        {oneField("type: money\ncurrency: [EUR, VND]") + "checks: [{when: a > 5.0, fields: [a], text: No.}]\n", []string{`8:17 "a" has parts; write a.value or a.currency`}},
		"an address of a street":    {oneField("type: address\nrequired_parts: [street, city]"), []string{`7:22 unknown part of an address "street"`}},
		"an address is no text":     {oneField("type: address") + "checks: [{when: a == 'x', fields: [a], text: No.}]\n", []string{`7:17 "a" has parts; write a.line1,`}},
		"an address is searched":    {oneField("type: address\nsearch: true"), []string{`7:5 "search"`}},
		"computed of itself":        {oneField("type: number\ncomputed: a * 2.0"), []string{`7:15 a field cannot depend on its own answer`}},
		"computed and required":     {oneField("type: number\nrequired: true\ncomputed: '1.0'"), []string{`7:5 nobody answers what is computed; delete "required"`}},
		"computed text":             {oneField("type: number\ncomputed: \"'x'\""), []string{`7:16 "computed" must be a number, but this is a text`}},
		"a sum of nothing":          {oneField("type: number\ncomputed: sum(5)"), []string{`7:19 sum needs a field of the rows of a group`}},
		"asked when computed":       {oneField("type: number\ncomputed: '1.0'") + "  - {name: b, label: B, when: a > 1.0, when_help: H}\n", []string{`8:31 "a" is computed of what is asked`}},
		"a time from eight":         {oneField("type: time\nmin: 8"), []string{`7:10 "min" must be a time in quotes such as "08:30", not "8"`}},
		"a list of unknowns":        {oneField("") + "list: [a, b]\n", []string{`6:11 no field is named "b"`}},
		"a list of lists":           {oneField("") + "list: [[a]]\n", []string{`6:8 a field name must be text, but this is a list`}},
		"a title that is a list": {
			"name: x\ntitle: [X]\nfields: [{name: a, label: A}]\n",
			[]string{`2:8 "title" must be text, but this is a list`},
		},
		"an anchor":     {"name: &n x\ntitle: *n\nfields: [{name: a, label: A}]\n", []string{`1:7 &n: anchors are not used`, `2:8 *n: references are not used`}},
		"a merge key":   {oneField("") + "<<: {title: Y}\n", []string{`6:1 unknown key "<<" in the form`}},
		"a tag":         {oneField("help: !secret x"), []string{`6:11 !secret: tags are not used`}},
		"a bomb":        {oneField("") + "list: &l [*l, *l]\n", []string{`6:7 &l: anchors`, `6:11 *l: ref`, `6:15 *l: ref`}},
		"no fields":     {head, []string{`1:1 the form asks nothing; add "fields:"`}},
		"empty fields":  {head + "fields: []\n", []string{`1:1 the form asks nothing`}},
		"no section":    {head + "sections: []\n", []string{`1:1 the form asks nothing`}},
		"fields twice":  {head + "sections:\n  - fields: [{name: a, label: A}]\nfields: []\n", []string{`5:1 "sections" and "fields" exclude each other`}},
		"a bad section": {head + "sections:\n  - titel: A\n    fields: [{name: a, label: A}]\n", []string{`4:5 unknown key "titel" in a section; use one of title, help, when, when_help, fields (did you mean "title"?)`}},
		"a section that is text": {
			head + "sections:\n  - About\n  - fields: [{name: a, label: A}]\n",
			[]string{`4:5 a section must be "key: value" lines, but this is text`},
		},
		"too many fields": {manyFields(201), []string{`204:5 this is field number 201; a form has at most 200`}},

		"a field that is text": {head + "fields:\n  - a\n", []string{`4:5 a field must be "key: value" lines, but this is text`}},
		"a field without name": {head + "fields:\n  - label: A\n", []string{`4:5 a field needs "name"`}},
		"an empty name":        {head + "fields:\n  - name: ''\n    label: A\n", []string{`4:11 "name" is empty`}},
		"a name that is a list": {
			head + "fields:\n  - name: [a]\n    label: A\n",
			[]string{`4:11 "name" must be text, but this is a list`},
		},
		"a field without label":                    {head + "fields:\n  - name: a\n", []string{`4:5 a field needs "label"`}},
		"capitals in a name":                       {head + "fields:\n  - name: fullName\n    label: A\n", []string{`4:11 "fullName" cannot be a name`}},
		"a long name":                              {head + "fields:\n  - name: " + strings.Repeat("a", 64) + "\n    label: A\n", []string{`4:11 "aaaa`}},
		"a reserved name":                          {head + "fields:\n  - name: submission_id\n    label: A\n", []string{`4:11 "submission_id" is a name that docket needs`}},
		"an identity alone and together":           {twoFields("identity: true", "identity: a"), []string{`6:15 "a" tells people apart alone, and the identity of "b" has the same name; choose another one there`}},
		"an identity alone and together, in a row": {oneField("type: group\nfields:\n  - {name: x, label: X, identity: p}\n  - {name: p, label: P, identity: true}"), []string{`9:39 "p" tells people apart alone, and the identity of "x" has the same name; choose another one there`}},
		"a name twice":                             {head + "fields:\n  - {name: a, label: A}\n  - {name: a, label: B}\n", []string{`5:12 the name "a" is taken by the field on line 4`}},
		"an unknown type":                          {oneField("type: txt"), []string{`6:11 unknown type "txt"`}},
		"an unknown field key":                     {oneField("requierd: true"), []string{`6:5 unknown key "requierd" in a field; did you mean "required"?`}},
		"not true or false":                        {oneField("required: yes"), []string{`6:15 "required" must be true or false, not "yes"`}},
		"a bad autocomplete":                       {oneField("autocomplete: birthday"), []string{`6:19 unknown autocomplete "birthday"`}},

		"a camera of a text":  {oneField("capture: user"), []string{`6:5 "capture" makes no sense for a field of type text; it belongs to image`}},
		"an unknown camera":   {oneField("type: image\ncapture: front"), []string{`7:14 unknown capture "front"; use one of user, environment`}},
		"an unknown signal":   {oneField("type: image\nblock: [dark, blury]"), []string{`7:19 unknown signal "blury"; use one of blurry, dark, glare, grey (did you mean "blurry"?)`}},
		"a signal of a file":  {oneField("type: file\nblock: [dark]"), []string{`7:5 "block" makes no sense for a field of type file; it belongs to image`}},
		"a signal that lists": {oneField("type: image\nblock: [[dark]]"), []string{`7:13 a signal must be text, but this is a list`}},
		"a pattern of a file": {oneField("type: file\npattern: x"), []string{`7:5 "pattern" makes no sense`}},

		"a count of words":       {oneField("type: multi_choice\nmin: two\noptions: [{value: a, label: A}]"), []string{`7:10 "min" must be a number of options such as 2, not "two"`}},
		"counts crossed":         {oneField("type: multi_choice\nmin: 2\nmax: 1\noptions: [{value: a, label: A}, {value: b, label: B}]"), []string{`7:10 "min" 2 is more than "max" 1`}},
		"a count nobody reaches": {oneField("type: multi_choice\nmin: 2\noptions: [{value: a, label: A}]"), []string{`7:10 "min" 2 is more than the number of options, 1`}},
		"no option of several":   {twoFields("type: multi_choice\noptions: [{value: yes, label: Y}]", "when: \"'yse' in a\""), []string{`10:12 "yse" is no option of "a"`}},
		"options missing":        {oneField("type: choice"), []string{`4:5 a choice needs "options"`}},
		"options empty":          {oneField("type: choice\noptions: []"), []string{`7:14 "options" is empty`}},
		"options of a text":      {oneField("options: [{value: a, label: A}]"), []string{`6:5 "options" makes no sense for a field of type text; it belongs to choice`}},
		"an option twice":        {oneField("type: choice\noptions:\n  - {value: a, label: A}\n  - {value: a, label: B}"), []string{`9:17 the option "a" stands here a second time (the first is on line 8)`}},
		"an option that is text": {oneField("type: choice\noptions: [a]"), []string{`7:15 an option must be "key: value" lines, but this is text`}},
		"an option of nothing":   {oneField("type: choice\noptions: [{}]"), []string{`7:15 an option needs "value"`, `7:15 an option needs "label"`}},
		"an option nobody sees":  {oneField("type: choice\noptions: [{value: \"a\\u200B\", label: A}]"), []string{`7:23 "a\u200b" cannot be the value of an option`}},
		"too many options":       {oneField("type: choice\noptions:" + manyOptions(501)), []string{`7:14 501 options are too many; a choice has at most 500`}},

		"a length of text":      {oneField("max_length: long"), []string{`6:17 "max_length" must be a whole number from 1 to 10000, not "long"`}},
		"an absurd length":      {oneField("max_length: 10001"), []string{`6:17 "max_length" must be a whole number from 1 to 10000, not "10001"`}},
		"a negative length":     {oneField("min_length: -1"), []string{`6:17 "min_length" must be a whole number from 0 to 10000, not "-1"`}},
		"lengths crossed":       {oneField("min_length: 5\nmax_length: 4"), []string{`6:17 "min_length" 5 is more than "max_length" 4`}},
		"a length of a date":    {oneField("type: date\nmax_length: 4"), []string{`7:5 "max_length" makes no sense for a field of type date; it belongs to text, long_text or diff`}},
		"bounds of a text":      {oneField("min: 1\nmax: 2"), []string{`6:5 "min" makes no sense for a field of type text; it belongs to number, date, multi_choice, group, money, time or datetime`, `7:5 "max" makes no sense`}},
		"decimals of a date":    {oneField("type: date\ndecimals: 1"), []string{`7:5 "decimals" makes no sense for a field of type date; it belongs to number`}},
		"too many decimals":     {oneField("type: number\ndecimals: 11"), []string{`7:15 "decimals" must be a whole number from 0 to 10`}},
		"a bound of words":      {oneField("type: number\nmin: few"), []string{`7:10 "min" must be a number such as 10 or 0.5, not "few"`}},
		"a bound with exponent": {oneField("type: number\nmax: 1e9"), []string{`7:10 "max" must be a number such as 10 or 0.5, not "1e9"`}},
		"a bound in fractions":  {oneField("type: number\nmin: 0.01"), []string{`7:10 "min" has more digits after the point than "decimals" 0 allows`}},
		"numbers crossed":       {oneField("type: number\nmin: 10\nmax: 9"), []string{`7:10 "min" 10 is more than "max" 9`}},
		"a day that is none":    {oneField("type: date\nmin: 2023-02-29"), []string{`7:10 "min" must be a date such as`}},
		"today and so on":       {oneField("type: date\nmax: today+1w"), []string{`7:10 "max" must be a date such as 2020-01-31, today, today-18y, today-3m or today+30d, not "today+1w"`}},
		"absurdly long ago":     {oneField("type: date\nmin: today-9999y"), []string{`7:10 "min" must be a date`}},
		"dates crossed":         {oneField("type: date\nmin: 2020-01-02\nmax: 2020-01-01"), []string{`7:10 "min" 2020-01-02 is more than "max" 2020-01-01`}},
		"moving dates crossed":  {oneField("type: date\nmin: today+1d\nmax: today"), []string{`7:10 "min" today+1d is more than "max" today`}},
		"a bad pattern":         {oneField("pattern: '[a-'"), []string{`6:14 "pattern" is not a regular expression: `}},
		"a pattern that ends":   {oneField("pattern: 'a)|(b'"), []string{`6:14 "pattern" is not a regular expression: `}},
		"a long pattern":        {oneField("pattern: " + strings.Repeat("a", 1001)), []string{`6:14 "pattern" is longer than 1000 characters`}},
		"a pattern of a date":   {oneField("type: date\npattern: x"), []string{`7:5 "pattern" makes no sense for a field of type date; it belongs to text, email, tel or url`}},
		"a hint alone":          {oneField("pattern_hint: x"), []string{`6:5 "pattern_hint" explains a "pattern", and there is none`}},

		"a condition of nobody":    {oneField("required_when: cc == 'x'\nwhen_help: w"), []string{`6:20 no field is named "cc"; use one of a, today`}},
		"a name almost right":      {twoFields("type: checkbox", "when: today == today && aa\nwhen_help: w"), []string{`9:29 no field is named "aa"`}},
		"a condition on itself":    {oneField("type: checkbox\nrequired_when: '!a'"), []string{`7:22 a field cannot depend on its own answer`}},
		"a condition on a text":    {twoFields("", "required_when: a"), []string{`8:20 "required_when" must be true or false, but this is a text`}},
		"an impossible option":     {twoFields("type: choice\noptions: [{value: yes, label: Y}]", "required_when: a == 'yse'"), []string{`10:25 "yse" is no option of "a"; use one of yes (did you mean "yes"?)`}},
		"impossible among others":  {twoFields("type: choice\noptions: [{value: yes, label: Y}]", "when: a in ['yes', 'no']"), []string{`10:24 "no" is no option of "a"`}},
		"a tick that is a text":    {twoFields("type: checkbox", "required_when: a == 'on'"), []string{`9:22 "==" cannot be used with true or false and a text`}},
		"an impossible country":    {twoFields("type: country", "required_when: a != 'VN'"), []string{`9:25 "VN" is no option of "a"; did you mean "VNM"?`}},
		"a condition of a list":    {twoFields("type: checkbox", "required_when: [a]"), []string{`9:20 "required_when" must be text, but this is a list`}},
		"a condition of an object": {twoFields("type: checkbox", "when: {a: true}"), []string{`9:11 "when" must be text, but this is "key: value" lines`}},
		"a condition of nothing":   {twoFields("type: checkbox", "when:"), []string{`9:10 "when" is empty`}},
		"required and conditional": {twoFields("type: checkbox", "required: true\nrequired_when: a"), []string{`10:5 a field that is "required: true" needs no "required_when"`}},
		"a number that is whole":   {twoFields("type: number", "when: a == 100\nwhen_help: w"), []string{`9:13 "==" cannot be used with a number and a whole number; write a whole number with a point, such as 100.0`}},
		"a date and a number":      {twoFields("type: date", "when: a < 18\nwhen_help: w"), []string{`9:13 "<" cannot be used with a date and a whole number`}},
		"an age of a text":         {twoFields("", "when: age(a) < 18\nwhen_help: w"), []string{`8:14 "age" cannot be used with a text and a date`}},
		"texts that grow":          {twoFields("", "when: a + a == 'x'\nwhen_help: w"), []string{`8:13 "+" cannot be used with a text and a text`}},
		"a function of nobody":     {twoFields("", "when: siez(a) > 3\nwhen_help: w"), []string{`8:11 no function is called "siez"; did you mean "size"?`}},
		"a method of nobody":       {twoFields("", "when: a.toUpper() == 'X'\nwhen_help: w"), []string{`8:13 no function is called "toUpper"`}},
		"a part of a text":         {twoFields("", "when: a.b == 'X'\nwhen_help: w"), []string{`8:12 a text has no parts`}},
		"a place in a text":        {twoFields("", "when: a[0] == 'X'\nwhen_help: w"), []string{`8:12 "[ ]" cannot be used here`}},
		"and for &&":               {twoFields("", "when: a == 'x' and a == 'y'\nwhen_help: w"), []string{`8:20 this is no expression: "and" makes no sense here; write &&`}},
		"is for ==":                {twoFields("", "when: a is 'x'\nwhen_help: w"), []string{`8:13 this is no expression: "is" makes no sense here; write ==`}},
		"not for !":                {twoFields("type: checkbox", "when: not a\nwhen_help: w"), []string{`9:15 this is no expression: "a" makes no sense here; write !a`}},
		"days without a function":  {twoFields("type: date", "when: a < today - 30d\nwhen_help: w"), []string{`9:25 this is no expression: "d" makes no sense here; write days(30)`}},
		"a date and a text":        {twoFields("type: date", "when: a < '2026-01-01'\nwhen_help: w"), []string{`9:13 "<" cannot be used with a date and a text; a date compares with other dates, such as today - days(30)`}},
		"an end too early":         {twoFields("", "when: a =="), []string{`8:15 this ends too early`}},
		"a sign too many":          {twoFields("", "when: a = 'x'"), []string{`8:13 "=" is no operator; write ==`}},
		"not true or false at all": {twoFields("type: checkbox", "when: a && 'x'"), []string{`9:16 here must be true or false, but this is a text`}},
		"a bad expression within":  {twoFields("", "when: a.matches('[')\nwhen_help: w"), []string{`8:21 this is not a regular expression`}},
		"too deep":                 {twoFields("type: checkbox", "when: "+strings.Repeat("(", 60)+"a"+strings.Repeat(")", 60)), []string{`9:11 this is nested too deeply`}},
		"too many inside others":   {twoFields("type: checkbox", "when: '[1].all(x, [1].all(y, [1].all(z, a)))'\nwhen_help: w"), []string{`9:41 this is nested too deeply`}},
		"too long a condition":     {twoFields("type: checkbox", "when: a"+strings.Repeat(" && a", 1000)), []string{`9:11 this is too long`}},
		"a word kept for itself":   {head + "fields:\n  - {name: package, label: P}\n  - {name: b, label: B, when: package == 'x', when_help: w}\n", []string{`5:31 "package" is a word that expressions keep for themselves`}},
		"too intricate for words":  {twoFields("", "when: a == 'x'"), []string{`8:11 this cannot be put in words by itself; add "when_help: …"`}},
		"words for nothing":        {oneField("when_help: w"), []string{`6:5 "when_help" explains a "when" or a "required_when", and there is none`}},
		"a circle of two":          {twoFields("type: checkbox\nwhen: b", "type: checkbox\nwhen: a"), []string{`11:11 these conditions go round in a circle: a → b → a`}},
		"a section on itself":      {head + "sections:\n  - when: a\n    fields: [{name: a, label: A, type: checkbox}]\n", []string{`4:11 whether "a" is asked cannot depend on its own answer`}},
		"in quotes":                {twoFields("", `when: "a == 'x' &&  zz"`), []string{`8:25 no field is named "zz"`}},
		"in quotes that double":    {twoFields("", `when: 'a == ''x'' && zz'`), []string{`8:26 no field is named "zz"`}},
		"in escapes":               {twoFields("", `when: "a == \"x\" && zz"`), []string{`8:26 no field is named "zz"`}},
		"behind escapes":           {twoFields("", `when: "a == \"\u00e9\" &&\x20\n zz"`), []string{`8:37 no field is named "zz"`}},
		"in folded lines":          {twoFields("", "when: >-\n  a == 'é' ||\n  a == 'y' || zz"), []string{`10:19 no field is named "zz"`}},
		"in lines as they are":     {twoFields("", "when: |\n  a == 'x'\n\n    || zz"), []string{`11:12 no field is named "zz"`}},
		"on two plain lines":       {twoFields("", "when: a == 'x' ||\n  zz"), []string{`9:7 no field is named "zz"`}},

		"a reason that is text":  {head + "fields: [{name: a, label: A}]\nreasons: [no]\n", []string{`4:11 a reason must be "key: value" lines, but this is text`}},
		"a reason of no signal":  {oneReason("class: final\nsignals: [blury]\ntext: t"), []string{`8:15 unknown signal "blury"; use one of blurry, dark`}},
		"a reason of nothing":    {head + "fields: [{name: a, label: A}]\nreasons: [{}]\n", []string{`4:11 a reason needs "code"`, `4:11 a reason needs "label"`, `4:11 a reason needs "class": retry when`, `4:11 a reason needs "text", which tells the user what to do`}},
		"a bad class":            {oneReason("class: finale\ntext: No."), []string{`7:12 unknown class "finale"; use one of retry, final, choose (did you mean "final"?)`}},
		"a reason without text":  {oneReason("class: final"), []string{`5:5 a reason needs "text"`}},
		"a text left open":       {oneReason("class: final\ntext:"), []string{`8:10 "text" is empty; write a value behind it or delete the line`}},
		"a reason beside fields": {oneReason("class: final\ntext: No.\nfields: [a, ab]"), []string{`9:17 no field is named "ab"; use one of a`}},
		"a bad code":             {oneReason("class: final\ntext: No.") + "  - {code: C-1, label: C, class: final, text: No.}\n", []string{`9:12 "C-1" cannot be a code`}},
		"a code twice":           {oneReason("class: final\ntext: No.") + "  - {code: c, label: C, class: final, text: No.}\n", []string{`9:12 the code "c" is taken by the reason on line 5`}},

		"a rule of nothing":      {oneField("") + "rules: [{}]\n", []string{`6:9 a rule needs "name"`, `6:9 a rule needs "when"`, `6:9 a rule needs "decide"`}},
		"a rule that is text":    {oneField("") + "rules: [no]\n", []string{`6:9 a rule must be "key: value" lines`}},
		"a rule of no reason":    {oneRule("name: r\nwhen: a == 'x'\ndecide: reject"), []string{`9:5 a rule that rejects needs "reason"`}},
		"a reason nobody has":    {oneRule("name: r\nwhen: a == 'x'\ndecide: reject\nreason: cc"), []string{`12:13 no reason has the code "cc"; use one of c`}},
		"a reason to approve":    {oneRule("name: r\nwhen: a == 'x'\ndecide: approve\nreason: c"), []string{`12:5 a rule that approves has no "reason"`}},
		"another decision":       {oneRule("name: r\nwhen: a == 'x'\ndecide: aprove"), []string{`11:13 unknown decide "aprove"; use one of approve, reject (did you mean "approve"?)`}},
		"a bad name of a rule":   {oneRule("name: R 1\nwhen: a == 'x'\ndecide: approve"), []string{`9:11 "R 1" cannot be a name`}},
		"a rule's name twice":    {oneRule("name: r\nwhen: a == 'x'\ndecide: approve") + "  - {name: r, when: a == 'y', decide: approve}\n", []string{`12:12 the name "r" is taken by the rule on line 9`}},
		"a rule of no field":     {oneRule("name: r\nwhen: b == 'x'\ndecide: approve"), []string{`10:11 no field is named "b"`}},
		"a rule on no status":    {oneRule("name: r\nwhen: history.aproved > 0\ndecide: approve"), []string{`10:11 nothing is named "history.aproved"; did you mean "history.approved"?`}},
		"a signal of no picture": {oneRule("name: r\nwhen: signals.a.blur > 3.0\ndecide: approve"), []string{`10:`}},
		"a rule that is a text":  {oneRule("name: r\nwhen: a\ndecide: approve"), []string{`10:11 "when" must be true or false, but this is a text`}},
		"a rule without words":   {strings.Replace(oneRule("name: r\nwhen: a == 'x'\ndecide: reject\nreason: c"), "text: No.", `text: ""`, 1), []string{`12:13 a rule can write nothing, and the reason "c" has no text`}},
		"a rule of high cost":    {oneRule("name: r\nwhen: '[" + strings.Repeat("1,", 150) + "1].all(x, [" + strings.Repeat("1,", 150) + "1].all(y, x == y))'\ndecide: approve"), []string{`10:12 this takes up to `}},

		"an example of nothing":   {oneField("") + "examples: [{}]\n", []string{`6:12 an example needs "expect"`, `6:12 an example needs "today"`}},
		"an example of no field":  {oneField("") + "examples: [{today: 2026-03-04, expect: nothing, answers: {b: x}}]\n", []string{`6:59 no field is named "b"`}},
		"an example of no answer": {oneField("type: date") + "examples: [{today: 2026-03-04, expect: nothing, answers: {a: x}}]\n", []string{`7:62 this is no answer to "a": Must be a date`}},
		"an example of a street":  {oneField("type: address") + "examples: [{today: 2026-03-04, expect: nothing, answers: {a: {street: x}}}]\n", []string{`7:62 this is no answer to "a": write it as in JSON, such as {line1: `}},
		"an amount of no money":   {oneField("type: money\ncurrency: EUR") + "examples: [{today: 2026-03-04, expect: nothing, answers: {a: {amount: 1.5, currency: EUR}}}]\n", []string{`8:62 this is no answer to "a": write it as in JSON, such as {amount: 1250`}},
		"a text that is a map":    {oneField("") + "examples: [{today: 2026-03-04, expect: nothing, answers: {a: {b: x}}}]\n", []string{`6:62 an answer must be text`}},
		"a comma in a label":      {"name: x\nlanguages: [en, vi]\ntitle: {en: Hello, you, vi: Chào}\nfields: [{name: a, label: {en: A, vi: A}}]\n", []string{`3:20 unknown key "you" in "title"; inside { } a value with a comma in it stands in quotes`}},
		"a key without a value":   {"name: x\ntitle: X\nfields:\n  - name: a\n    label: A\n    requird:\n", []string{`6:5 unknown key "requird" in a field; did you mean "required"?`}},
		"a comma without quotes":  {oneField("") + "rules: [{name: r, when: history.count('approved', 30d) < 3, decide: approve}]\n", []string{`6:25 this takes two texts`, `6:51 unknown key "30d) < 3" in a rule; inside { } a value with a comma in it stands in quotes`}},
		"an example of no day":    {oneField("") + "examples: [{today: soon, expect: nothing}]\n", []string{`6:20 "today" must be a date`}},
		"an example of no reason": {oneField("") + "examples: [{today: 2026-03-04, expect: reject, reason: c}]\n", []string{`6:56 no reason has the code "c"`}},
		"an example of no status": {oneField("") + "examples: [{today: 2026-03-04, expect: nothing, history: {aproved: 1}}]\n", []string{`6:59 unknown key "aproved"`}},

		"a language nobody has":   {oneField("") + "languages: [en, xx]\n", []string{`6:17 docket itself has no words in "xx" yet; use one of en, vi; a new language is the file internal/i18n/locales/xx.yaml`}},
		"a language twice":        {oneField("") + "languages: [en, en]\n", []string{`6:17 "en" stands here a second time`}},
		"languages in one word":   {oneField("") + "languages: en\n", []string{`6:12 "languages" must be a list`}},
		"a text in one language":  {bilingual + "fields: [{name: a, label: A}]\n", []string{`4:27 "label" must be given in each language: {en: …, vi: …}`}},
		"a missing translation":   {bilingual + "fields: [{name: a, label: {en: A}}]\n", []string{`4:27 "label" is missing in the language "vi"; add "vi: …"`}},
		"an empty translation":    {bilingual + "fields: [{name: a, label: {en: A, vi: ''}}]\n", []string{`4:39 "label" is empty`}},
		"a language too many":     {bilingual + "fields: [{name: a, label: {en: A, vi: B, de: C}}]\n", []string{`4:42 unknown key "de" in "label"; use one of en, vi`}},
		"an option in one":        {bilingual + "fields: [{name: a, label: {en: A, vi: B}, type: choice, options: [{value: x, label: X}]}]\n", []string{`4:85 "label" must be given in each language`}},
		"languages not asked for": {oneField("help: {en: A, vi: B}"), []string{`6:11 "help" must be text, but this is "key: value" lines`}},

		"all of them at once": {
			"nmae: x\ntitle: [X]\nfields:\n  - name: A\n    type: dat\n  - label: B\n",
			[]string{
				`1:1 unknown key "nmae"`, `1:1 the form needs "name"`, `2:8 "title" must be text`, `4:5 a field needs "label"`,
				`4:11 "A" cannot be a name`, `5:11 unknown type "dat"`, `6:5 a field needs "name"`,
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := formfile.Parse([]byte(test.src))
			mistakes, ok := errors.AsType[formfile.Mistakes](err)
			if !ok {
				t.Fatalf("got %v, want Mistakes in\n%s", err, test.src)
			}
			for i, m := range mistakes {
				got := fmt.Sprintf("%d:%d %s", m.Line, m.Column, m.Message)
				if i >= len(test.want) || !strings.HasPrefix(got, test.want[i]) {
					t.Errorf("mistake %d: got %q, want %q in\n%s", i, got, test.want[min(i, len(test.want)-1)], test.src)
				}
			}
			if len(mistakes) < len(test.want) {
				t.Errorf("got %d mistakes, want %d: %v", len(mistakes), len(test.want), err)
			}
		})
	}
}

// twoFields is a form with the fields a and b; the first key of b stands on line 8 and as many as a has keys.
func twoFields(a, b string) string {
	return oneField(a) + "  - name: b\n    label: B\n" + indent(b)
}

func manyFields(n int) string {
	var b strings.Builder
	b.WriteString(head + "fields:\n")
	for i := range n {
		fmt.Fprintf(&b, "  - {name: f%d, label: F}\n", i)
	}
	return b.String()
}

func manyOptions(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ",{value: v%d, label: V}", i)
	}
	return " [" + b.String()[1:] + "]"
}

func TestMistakes_Error(t *testing.T) {
	t.Parallel()
	_, err := formfile.Parse([]byte("name: x\ntitel: X\nfields: [{name: a, label: A}]\n"))
	want := "line 1, column 1: the form needs \"title\"; add a line \"title: …\"\n" +
		"line 2, column 1: unknown key \"titel\" in the form; did you mean \"title\"?"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestParse_Defaults(t *testing.T) {
	t.Parallel()
	f := parse(t, head+"fields:\n  - {name: n, label: N, type: number}\n  - {name: a, label: A}\n  - {name: l, label: L, type: long_text, min_length: 3000}\n")
	if f.Zone.String() != "UTC" || !f.OneOpen || f.Submit != "" || len(f.Version) != 64 {
		t.Errorf("got zone %s, one open %v, submit %q, version %q", f.Zone, f.OneOpen, f.Submit, f.Version)
	}
	if len(f.List) != 1 || f.List[0] != "a" {
		t.Errorf("got list %v, want the first text", f.List)
	}
	if a, _ := f.Field("a"); a.Type != form.Text || a.MaxLength != 200 {
		t.Errorf("got %+v, want a text of at most 200", a)
	}
	if l, _ := f.Field("l"); l.MaxLength != 3000 {
		t.Errorf("got max_length %d, want it no less than min_length", l.MaxLength)
	}
	if _, ok := f.Field("z"); ok {
		t.Error("got a field that the form does not have")
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	if _, err := formfile.Load("../testdata/refund.yaml"); err != nil {
		t.Error(err)
	}
	if _, err := formfile.Load("testdata/none.yaml"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want it to say that there is no file", err)
	}
	bad := filepath.Join(t.TempDir(), "bad.yaml")
	if err := os.WriteFile(bad, []byte("title: X\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := formfile.Load(bad); !strings.Contains(err.Error(), bad) {
		t.Errorf("got %v, want it to name the file", err)
	} else if _, ok := errors.AsType[formfile.Mistakes](err); !ok {
		t.Errorf("got %T, want Mistakes inside", err)
	}
}

func TestStarter_EveryKey(t *testing.T) {
	t.Parallel()
	starter, err := formfile.Starter("x")
	if err != nil {
		t.Fatal(err)
	}
	for _, object := range formkeys.Objects() {
		for _, key := range object.Names() {
			if !regexp.MustCompile(`(?m)(^|["{ ])` + key + `[":]`).Match(starter) {
				t.Errorf("the starter does not show %q of %s", key, object.What)
			}
		}
	}
}

func TestStarter_IsAForm(t *testing.T) {
	t.Parallel()
	src, err := formfile.Starter("visa-2")
	if err != nil {
		t.Fatal(err)
	}
	f := parse(t, string(src))
	if f.Name != "visa-2" {
		t.Errorf("got name %q", f.Name)
	}
	seen := map[form.Type]bool{}
	for _, section := range f.Sections {
		for _, field := range section.Fields {
			seen[field.Type] = true
		}
	}
	for _, name := range form.Types() { // a PDF and a passport's lines stand in a comment
		if !seen[name] && !strings.Contains(string(src), `"`+string(name)+`"`) {
			t.Errorf("the starter does not show the type %s", name)
		}
	}
	for _, name := range []string{"", "Visa", "a b", "a\nb: c", "../x"} {
		if _, err := formfile.Starter(name); err == nil {
			t.Errorf("name %q was taken", name)
		}
	}
}

func TestParse_RuleHash(t *testing.T) {
	t.Parallel()
	hashes := map[string]bool{}
	for _, keys := range []string{"when: a == 'x'\ndecide: approve", "when: a == 'y'\ndecide: approve", "when: a == 'x'\ndecide: reject\nreason: c"} {
		rule := parse(t, oneRule("name: r\n"+keys)).Rules[0]
		again := parse(t, oneRule("name: other\nshadow: true\n"+keys)).Rules[0]
		hashes[rule.Hash] = true
		if rule.Hash != again.Hash || len(rule.Hash) != 64 {
			t.Errorf("%s: got %s and %s", keys, rule.Hash, again.Hash)
		}
	}
	if len(hashes) != 3 {
		t.Errorf("got %v, want three", fmt.Sprint(hashes))
	}
}

// TestParse_OtherEscapes reads escapes of characters that a database can store: form files have had them.
func TestParse_OtherEscapes(t *testing.T) {
	t.Parallel()
	if f := parse(t, "name: x\ntitle: \"a\\e\\x01\\Nb\\xff\\U0001F600\"\nfields: [{name: a, label: A}]\n"); f.Title != "a\x1b\x01\u0085bÿ😀" {
		t.Errorf("the title is %q", f.Title)
	}
}
