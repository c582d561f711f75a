package api

import (
	"github.com/getkin/kin-openapi/openapi3"

	"docket/internal/form"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/listing"
)

// describeParameters describes everything that a call can be sent beside its body.
func describeParameters(f *form.Form) openapi3.ParametersMap {
	times := " An RFC 3339 time, or a date (YYYY-MM-DD) in the time zone " + f.Zone.String() + "."
	parameters := openapi3.ParametersMap{}
	add := func(component, in, name, about string, required bool, schema *openapi3.Schema) {
		parameters[component] = &openapi3.ParameterRef{Value: &openapi3.Parameter{
			Name: name, In: in, Description: about, Required: required, Schema: schema.NewRef(),
		}}
	}
	add("UserID", "path", "user_id", "", true, userIDSchema())
	add("TicketID", "path", "id", "", true, uuidSchema())
	add("FileID", "path", "id", "", true, uuidSchema())
	add("LinkID", "path", "id", "", true, uuidSchema())
	add("Status", "query", "status", "Of which status.", false, enumOf(ticket.Statuses...).WithDefault(ticket.Processing))
	add("From", "query", "from", "Created then or later; for a closed status: closed then or later."+times+" Default: seven days before `to`.", false, textSchema(""))
	add("To", "query", "to", "Created, or closed, before then; a date belongs to the range."+times+" Default: this moment. At most 31 days after `from`.", false, textSchema(""))
	add("User", "query", "user_id", "Of this user alone.", false, userIDSchema())
	add("Sort", "query", "sort", "Which come first. Default: `oldest` for the open tickets, `newest` for a closed status.", false, enumOf(listing.Sorts...))
	add("Cursor", "query", "cursor", "The `next_cursor` of the page before, with the same parameters.", false, textSchema("").WithMinLength(1))
	add("Limit", "query", "limit", "How many tickets a page has.", false,
		openapi3.NewIntegerSchema().WithMin(1).WithMax(listing.MaxLimit).WithDefault(views.DefaultLimit))
	add("After", "query", "after", "The `next` of the answer before.", false, textSchema("").WithMinLength(1))
	types := openapi3.NewArraySchema().WithMinItems(1)
	types.Items = schemaRef("EventType")
	add("EventTypes", "query", "types", "Only events of these types, with commas between them.", false, types)
	parameters["EventTypes"].Value.Style, parameters["EventTypes"].Value.Explode = "form", new(false)
	add("EventLimit", "query", "limit", "How many events an answer has at most.", false,
		openapi3.NewIntegerSchema().WithMin(1).WithMax(maxEvents).WithDefault(defaultEvents))
	add("Wait", "query", "wait", "How many seconds to wait.", false, openapi3.NewIntegerSchema().WithMin(0).WithMax(maxWait).WithDefault(0))
	add("WebhookID", "path", "id", "", true, uuidSchema())
	add("DeliveryLimit", "query", "limit", "How many deliveries a page has.", false,
		openapi3.NewIntegerSchema().WithMin(1).WithMax(listing.MaxLimit).WithDefault(views.DefaultLimit))
	add("FileUser", "query", "user_id", "Whose file it is.", true, userIDSchema())
	add("FileField", "query", "field", "The field of the form that the file answers.", true, uploadSchema(f))
	add("For", "query", "for", "What the approval is for: an answer to the field that the form names by `latest_per`. A form without that refuses it. Left out: the latest of all.", false, textSchema("").WithMinLength(1).WithMaxLength(form.MaxSubject))
	add("Fresh", "header", "Cache-Control", "`no-cache`: read from the primary.", false, textSchema(""))
	add("IfNoneMatch", "header", "If-None-Match", "The `ETag` of an earlier answer. While it stands the answer is 304, without a body.", false, textSchema(""))
	add("IdempotencyKey", "header", "Idempotency-Key", "Your own name for this submission: the same one twice makes one ticket.", true,
		textSchema("").WithMinLength(1).WithMaxLength(maxIdempotencyKey).WithPattern("^[ -~]+$"))
	return parameters
}

// uploadSchema is the name of a field that asks for a file.
func uploadSchema(f *form.Form) *openapi3.Schema {
	if names := f.UploadFields(); len(names) > 0 {
		return enumOf(names...)
	}
	return textSchema("")
}
