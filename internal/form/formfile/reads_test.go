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
