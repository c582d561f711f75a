package api

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"docket/internal/form"
	"docket/internal/submissionlink"
)

func linkSettingsSchema(f *form.Form) *openapi3.Schema {
	locked := openapi3.NewArraySchema().WithItems(textSchema(""))
	locked.Description = "The fields of `prefill` that the person cannot change."
	language := textSchema("Of the form: `" + strings.Join(f.Languages, "`, `") + "`. Left out: that of the browser.")
	prefill := openapi3.NewObjectSchema().WithAnyAdditionalProperties()
	prefill.Description = "Answers that the form has already, by the names of its fields, without files. They are checked like typed ones; what is missing beside them is not wrong."
	seconds := integerSchema("For how many seconds the address works.").WithMin(submissionlink.MinLife.Seconds()).WithMax(submissionlink.MaxLife.Seconds())
	return closedObject("What a submission link does.", schemaMembers{
		"user_id":    userIDSchema(),
		"return_url": textSchema("Where the person goes afterwards, with `status=submitted`, `ticket_id` and your `state` in its query. Its origin must be one that the key may return to.").WithMaxLength(maxReturnURL),
		"state":      textSchema("Comes back with `return_url`.").WithMaxLength(maxState),
		"expires_in": seconds.WithDefault(submissionlink.DefaultLife.Seconds()),
		"prefill":    prefill, "locked": locked, "language": language,
	}, "return_url", "state", "expires_in", "prefill", "locked", "language")
}

func linkSchema() *openapi3.Schema {
	return objectOf("A submission link.", schemaMembers{
		"id": uuidSchema(), "url": textSchema("For the person alone: whoever opens it first fills in the form.").WithFormat("uri"), "expires_at_ms": integerSchema(""),
	})
}
