package formfile_test

import (
	"errors"
	"strings"
	"testing"

	"docket/internal/evidence"
	"docket/internal/form/formfile"
)

const readsForm = `name: x
title: X
reads:
  number: front.mrz.number
  born: [front.qr.birth_date, back.mrz.birth_date]
fields:
  - {name: number, label: Number}
  - {name: born, label: Born, type: date}
  - {name: front, label: Front, type: image, faces: document}
  - {name: back, label: Back, type: image}
  - {name: deed, label: Deed, type: file}
  - {name: agreed, label: Agreed, type: checkbox}
`

func TestReads_Readers(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(readsForm))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"front": "mrz qr faces", "back": "mrz", "deed": "", "number": ""} {
		if field, _ := f.Field(name); strings.Join(field.Readers, " ") != want {
			t.Errorf("%s: got %v, want %s", name, field.Readers, want)
		}
	}
	if read, ok := f.ReadOf("born"); !ok || len(read.Sources) != 2 || read.Sources[1].File != "back" || read.Sources[1].Name != evidence.BirthDate {
		t.Errorf("got %v, %v", read, ok)
	}
}

func TestReads_Mistakes(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"  agreed: front.mrz.number":         `line 6, column 3: the answer to "agreed" cannot be read: it is of type checkbox`,
		"  nobody: front.mrz.number":         `line 6, column 3: no field is named "nobody"`,
		"  number: front.mrz.number":         `line 6, column 3: "number" stands here a second time`,
		"  deed: front.mrz.number":           `line 6, column 3: the answer to "deed" cannot be read`,
		"  x: front.mrz":                     `line 6, column 6: "front.mrz" must name a photo`,
		"  x: frond.mrz.number":              `line 6, column 6: no field is named "frond"`,
		"  x: deed.mrz.number":               `line 6, column 6: "deed" is no photo: it is of type file`,
		"  x: front.ocr.number":              `line 6, column 6: nothing reads photos under the name "ocr": use mrz or qr`,
		"  x: [front.mrz.numbre]":            `line 6, column 7: mrz reads no "numbre"`,
		"  x: {front: mrz}":                  `line 6, column 6: a place where an answer is read must be`,
		"  x: [front.qr.number, front.qr.x]": `line 6, column 24: qr reads no "x"`,
	} {
		src := strings.Replace(readsForm, "fields:", line+"\nfields:", 1)
		_, err := formfile.Parse([]byte(src))
		mistakes, _ := errors.AsType[formfile.Mistakes](err)
		if !strings.Contains(mistakes.Error(), want) {
			t.Errorf("%s: got %v, want %s", line, err, want)
		}
	}
}

// An answer in the rows of a group stands in a photo of the same row.
func TestReads_InRows(t *testing.T) {
	t.Parallel()
	source := func(line string) string {
		return strings.Replace(readsForm, "fields:", line+"\nfields:\n  - {name: owners, label: Owners, type: group, many: 3, fields: [{name: number, label: Number}, {name: passport, label: Passport, type: image, faces: document}]}", 1)
	}
	f, err := formfile.Parse([]byte(source("  owners.number: [owners.passport.mrz.number, owners.passport.qr.number]")))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"owners.passport": "faces mrz qr", "owners.0.passport": "faces mrz qr", "owners.2.passport": "faces mrz qr", "owners.0.number": ""} {
		if field, _ := f.Field(name); strings.Join(field.Readers, " ") != want {
			t.Errorf("%s: got %v, want %s", name, field.Readers, want)
		}
	}
	if read, ok := f.ReadOf("owners.2.number"); !ok || read.Field != "owners.2.number" || read.Sources[1].File != "owners.2.passport" {
		t.Errorf("got %v, %v", read, ok)
	}
	if read, _ := f.ReadOf("owners.number"); read.Sources[0].File != "owners.passport" {
		t.Errorf("an earlier row is in %v", read)
	}
	for _, name := range []string{"owners.1.number", "owners.1.passport"} {
		if !f.Decides(name) {
			t.Errorf("%s changes nothing", name)
		}
	}
	for line, want := range map[string]string{
		"  owners.number: front.mrz.number":           `line 6, column 18: "owners.number" is in the rows of "owners" and is read in a photo of its own row`,
		"  x: owners.passport.mrz.number":             `no field is named "x"`,
		"  born: [owners.passport.mrz.birth_date]":    `line 6, column 10: "owners.passport" is in the rows of "owners", where answers of the same row are read alone`,
		"  owners.number: owners.pasport.mrz.number":  `line 6, column 18: no field is named "owners.pasport"; use one of`,
		"  owners.number: owners.0.passport.mrz.name": `line 6, column 18: "owners.0.passport.mrz.name" must name a photo`,
		"  owners.passport: owners.passport.mrz.name": `line 6, column 3: the answer to "owners.passport" cannot be read: it is of type image`,
	} {
		_, err := formfile.Parse([]byte(strings.Replace(source(line), "  born: [front.qr.birth_date, back.mrz.birth_date]\n", "", 1)))
		want = strings.Replace(want, "line 6", "line 5", 1)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", line, err, want)
		}
	}
}

func TestReads_Card(t *testing.T) {
	t.Parallel()
	with := func(qr string) error {
		_, err := formfile.Parse([]byte(strings.Replace(readsForm, "label: Back, type: image", "label: Back, type: image, qr: "+qr, 1)))
		return err
	}
	if err := with(`{separator: ";", fields: [number, "", name, "birth_date: ddmmyyyy"], least: 2}`); err != nil {
		t.Error(err)
	}
	for qr, want := range map[string]string{
		`{separator: ";", fields: [numbre]}`:                 `a code has no part "numbre"`,
		`{separator: ";", fields: [birth_date]}`:             "the order of the digits of a date stands behind it",
		`{separator: ";", fields: ["birth_date: ddmm"]}`:     "the order of the digits of a date stands behind it",
		`{separator: ";", fields: ["number: ddmmyyyy"]}`:     `"number" is no date`,
		`{separator: ";"}`:                                   `"qr" needs "fields"`,
		`{fields: [number]}`:                                 `needs "separator"`,
		`{separator: ";", fields: [number], least: 0}`:       "least",
		`{separator: ";", fields: [{birth_date: ddmmyyyy}]}`: "a part of the code must be",
	} {
		if err := with(qr); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", qr, err, want)
		}
	}
}
