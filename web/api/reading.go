package api

import (
	"context"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"docket/internal/evidence"
	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/form/finding"
	"docket/internal/ticket"
)

// readValueJSON is one thing that was read of a picture.
type readValueJSON struct {
	Reader string         `json:"reader"`
	Name   string         `json:"name"`
	Text   string         `json:"text"`
	Sure   bool           `json:"sure"`
	Mended bool           `json:"mended"`
	Place  evidence.Place `json:"place"`
	Fields []string       `json:"fields"` // whose answers it is compared with
}

// readOf is what was read of the picture of a field of a page; none of a document, and where the form reads nothing.
func readOf(f *form.Form, name string, file files.File) []readValueJSON {
	read := []readValueJSON{}
	for _, value := range file.Reading.Values {
		source := form.ReadSource{File: form.InAnyRow(name), Reader: value.Reader, Name: value.Name}
		fields := []string{}
		for _, one := range f.Reads {
			if slices.Contains(one.Sources, source) {
				fields = append(fields, inRowOf(f, name, one.Field))
			}
		}
		read = append(read, readValueJSON{value.Reader, value.Name, value.Text, value.Sure, value.Mended, value.Place, fields})
	}
	return read
}

// inRowOf is the name of a field of any row, such as "owners.number", in the row in which another field of a page is.
func inRowOf(f *form.Form, other, name string) string {
	beside, _ := f.Field(other)
	field, _ := f.Field(name)
	if beside.Cell.Group == "" || beside.Cell.Slot == form.AnyRow {
		return name
	}
	return form.RowName(beside.Cell.Group, beside.Cell.Slot) + "." + field.Cell.Name
}

// facesOf is how many faces a picture has; nil: nobody looked for any.
func facesOf(file files.File) *int {
	if file.Reading.Faces == nil {
		return nil
	}
	count := len(file.Reading.Faces)
	return &count
}

// matchesOf is how the answers of a ticket compare with what was read of its files, by the form that it answers.
func (a *API) matchesOf(ctx context.Context, t ticket.Ticket, named map[string][]files.File) map[string]evidence.Match {
	f := a.Intake.Forms.OfTicket(ctx, a.Form, t)
	if t.Erased() {
		return map[string]evidence.Match{}
	}
	readings := map[string]evidence.Reading{}
	for name, list := range named {
		if len(list) > 0 {
			readings[name] = list[0].Reading
		}
	}
	return finding.AllMatches(f, f.InputFromAnswers(t.Extra), readings, t.CreatedAt)
}

func readsSchema() *openapi3.Schema {
	schema := openapi3.NewArraySchema()
	schema.Description, schema.Items = "What was read of a photo, where the form reads it; no answer by itself.", schemaRef("Read")
	return schema
}

func facesSchema() *openapi3.Schema {
	return integerSchema("How many faces were found; null where none were looked for. No faces are compared.").WithMin(0).WithNullable()
}

func readSchema() *openapi3.Schema {
	share := openapi3.NewFloat64Schema().WithMin(0).WithMax(1)
	fields := openapi3.NewArraySchema().WithItems(textSchema(""))
	fields.Description = "Whose answers it is compared with."
	return objectOf("One thing that was read of a photo.", schemaMembers{
		"reader": textSchema("What read it: the machine-readable zone, or the code of a card.").WithPattern("^(" + evidence.MRZ + "|" + evidence.QR + ")$"),
		"name":   textSchema("Such as `number` or `birth_date`."), "text": textSchema("A day as `2006-01-02`, or as much of its beginning as is known."),
		"sure":   describedAs("Whether its check digit holds, or every letter is plain.", openapi3.NewBoolSchema()),
		"mended": describedAs("Whether a letter was exchanged so that its check digit holds.", openapi3.NewBoolSchema()),
		"place": objectOf("Where it stands, in shares of the width and height of the photo.", schemaMembers{
			"x": share, "y": share, "width": share, "height": share,
			"turn": integerSchema("By how many degrees, clockwise, the photo is turned so that it is upright: 90, 180 or 270; left out where it is."),
		}, "turn"),
		"fields": fields,
	})
}

func matchesSchema() *openapi3.Schema {
	schema := openapi3.NewObjectSchema()
	schema.Description = "How answers compare with what was read, by field, and with what a citizen number says, as `FIELD.citizen_number`; empty where the form reads nothing."
	schema.AdditionalProperties = openapi3.AdditionalProperties{
		Schema: textSchema("").WithPattern("^(" + joinTexts(evidence.Matches(), "|") + ")$").NewRef(),
	}
	return schema
}
