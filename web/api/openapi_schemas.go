package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"docket/internal/feed"
	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/photo"
	"docket/internal/ticket"
	"docket/web/listing"
	"docket/web/problem"
	"docket/web/request"
)

// schemaMembers are those of an object, by name.
type schemaMembers = map[string]*openapi3.Schema

func describeSchemas(f *form.Form) openapi3.Schemas {
	named := schemaMembers{
		"Document":                 openapi3.NewObjectSchema(),
		"Extra":                    extraSchema(f),
		"Answers":                  answersSchema(),
		"Submission":               closedObject("What a user has answered.", schemaMembers{"user_id": userIDSchema(), "extra": refSchema("Extra")}),
		"DecisionRequest":          decisionSchema(),
		"Approval":                 approvalSchema(f),
		"Rejection":                rejectionSchema(f),
		"LatestTicket":             latestSchema(),
		"Users":                    usersSchema(),
		"LatestTickets":            latestTicketsSchema(),
		"UserLatestTicket":         userLatestSchema(),
		"LatestTicketsOfUser":      latestOfSchema(),
		"Ticket":                   objectOf("One ticket.", ticketMembers(), termsMembers()...),
		"DecidedTicket":            objectOf("One ticket. Without `tickets:read` it lacks `extra`, `grant` and `reject_comment`.", ticketMembers(), append(termsMembers(), "extra", "grant", "reject_comment")...),
		"TicketWithHistory":        historySchema(),
		"Agreement":                agreementSchema(),
		"TicketName":               ticketNameSchema(),
		"Event":                    eventSchema(),
		"EventType":                enumOf(feed.Types...),
		"FeedEvent":                feedEventSchema(),
		"Events":                   eventsSchema(),
		"TicketFile":               ticketFileSchema(),
		"Picture":                  pictureSchema(),
		"Warning":                  enumOf(photo.Warnings...),
		"TicketStatus":             enumOf(ticket.Statuses...),
		"MediaType":                enumOf(storedTypes...),
		"List":                     listSchema(),
		"File":                     fileSchema(),
		"Read":                     readSchema(),
		"FieldProblem":             fieldProblemSchema(),
		"SubmissionLinkSettings":   linkSettingsSchema(f),
		"SubmissionLink":           linkSchema(),
		"ProblemCode":              enumOf(problemCodes()...),
		"Problem":                  objectOf("What is wrong.", problemMembers(), "errors"),
		"ProblemWithDecidedTicket": problemWithSchema("DecidedTicket"),
		"ProblemWithTicketName":    problemWithSchema("TicketName"),
	}
	maps.Copy(named, webhookSchemas())
	schemas := openapi3.Schemas{}
	for name, schema := range named {
		schemas[name] = schema.NewRef()
	}
	return schemas
}

// extraSchema is what the form asks. When a field applies is more than generators of code understand: the rules that JSON
// Schema has for it stand beside the schema.
func extraSchema(f *form.Form) *openapi3.Schema {
	return formSchema(f.Schema())
}

func formSchema(described map[string]any) *openapi3.Schema {
	text, _ := json.Marshal(inOpenAPI(described)) // it was JSON to begin with
	schema := &openapi3.Schema{}
	_ = json.Unmarshal(text, schema) // a JSON Schema without its conditions is one of OpenAPI
	return schema
}

// conditionsExtension names the rules of JSON Schema (2020-12) about which fields apply when.
const conditionsExtension = "x-conditions"

// inOpenAPI is a JSON Schema as OpenAPI 3.0 has it: without conditions, and an enumeration for a constant.
func inOpenAPI(schema map[string]any) map[string]any {
	written := maps.Clone(schema)
	if conditions, ok := written["allOf"]; ok {
		delete(written, "allOf")
		written[conditionsExtension] = conditions
	}
	if value, ok := written["const"]; ok {
		delete(written, "const")
		written["enum"] = []any{value}
	}
	if properties, ok := written["properties"].(map[string]any); ok {
		properties = maps.Clone(properties)
		for name, property := range properties {
			if property, ok := property.(map[string]any); ok {
				properties[name] = inOpenAPI(property)
			}
		}
		written["properties"] = properties
	}
	return written
}

func answersSchema() *openapi3.Schema {
	schema := openapi3.NewObjectSchema().WithAnyAdditionalProperties()
	schema.Description = "The answers, by the names of the fields of the form that asked for them."
	return schema
}

// decisionSchema is what closes a ticket. As a schema called Decision it would give ogen two types of one name.
func decisionSchema() *openapi3.Schema {
	return &openapi3.Schema{
		Description: "A decision on a ticket.",
		OneOf:       openapi3.SchemaRefs{schemaRef("Approval"), schemaRef("Rejection")},
		Discriminator: &openapi3.Discriminator{PropertyName: "decision", Mapping: map[string]openapi3.MappingRef{
			decisionApprove: openapi3.MappingRef(*schemaRef("Approval")), decisionReject: openapi3.MappingRef(*schemaRef("Rejection")),
		}},
	}
}

func approvalSchema(f *form.Form) *openapi3.Schema {
	all := schemaMembers{"decision": enumOf(decisionApprove), "version": versionSchema(), "note": noteSchema()}
	if f.Grant != nil {
		all["grant"] = formSchema(f.GrantSchema())
		all["grant"].Description = "What the approval grants. Left out: what the form proposes."
	}
	return closedObject("The ticket is approved.", all, "note", "grant")
}

// rejectionSchema has what only a rejection has: reasons, a class and a comment.
func rejectionSchema(f *form.Form) *openapi3.Schema {
	var codes, withoutText []string
	for _, reason := range f.Reasons {
		codes = append(codes, reason.Code)
		if reason.Text == "" {
			withoutText = append(withoutText, "`"+reason.Code+"`")
		}
	}
	code := func(about string) *openapi3.Schema {
		schema := textSchema(about)
		if len(codes) > 0 {
			schema = enumOf(codes...)
			schema.Description = about
		}
		return schema
	}
	comment := "What the user reads. Left out: the texts of the reasons."
	if len(withoutText) > 0 {
		comment += " Required with a reason that has no text: " + strings.Join(withoutText, ", ") + "."
	}
	class := enumOf(ticket.Classes...)
	class.Description = "Whether the user may submit again: only a reason of the class `choose` leaves it open. Left out: as the reasons say, and otherwise `retry`."
	reasons := openapi3.NewArraySchema().WithItems(code("")).WithMinItems(1).WithUniqueItems(true)
	reasons.Description = "Several reasons, in the order in which the user reads their texts; instead of `reason`."
	rows := openapi3.NewArraySchema().WithItems(textSchema("")).WithUniqueItems(true)
	rows.Description = "The rows of groups that it is for, such as `owners.1`, the second one: they alone are asked again. Left out: all at which the reasons point."
	return closedObject("The ticket is rejected, for `reason` or for `reasons`.", schemaMembers{
		"decision": enumOf(decisionReject), "version": versionSchema(), "note": noteSchema(),
		"reason": code("A reason of the form; instead of `reasons`."), "reasons": reasons, "rows": rows, "class": class,
		"comment": textSchema(comment).WithMaxLength(request.MaxText),
	}, "note", "reason", "reasons", "rows", "class", "comment")
}

func versionSchema() *openapi3.Schema {
	return integerSchema("The version of the ticket that the decision was made on.").WithMin(1)
}

func noteSchema() *openapi3.Schema {
	return textSchema("What neither the user nor another system ever reads.").WithMaxLength(request.MaxText)
}

func ticketMembers() schemaMembers {
	return schemaMembers{
		"id": uuidSchema(), "user_id": userIDSchema(), "status": refSchema("TicketStatus"), "version": integerSchema(""),
		"extra":          refSchema("Answers"),
		"form_version":   textSchema("Which text of the form asked for the answers; empty for tickets from elsewhere."),
		"attempt":        integerSchema("How often the user has sent the matter with this one."),
		"previous_id":    describedAs("The rejected ticket that this one follows.", uuidSchema()).WithNullable(),
		"submitted_by":   actorSchema("user", "key"),
		"decided_by":     actorSchema("agent", "rule", "key").WithNullable(),
		"decided_at_ms":  integerSchema("").WithNullable(),
		"grant":          grantSchema(),
		"reject_reason":  textSchema("The first of `reject_reasons`.").WithNullable(),
		"reject_reasons": reasonsSchema().WithNullable(),
		"reject_rows":    rejectRowsSchema(),
		"reject_class":   classSchema().WithNullable(),
		"reject_comment": textSchema("What the user reads.").WithNullable(),
		"revoked_by":     describedAs("Who took the approval back. `reject_reason` and what follows it then say why.", actorSchema("agent")).WithNullable(),
		"revoked_at_ms":  integerSchema("").WithNullable(),
		"created_at_ms":  integerSchema(""), "updated_at_ms": integerSchema(""),
		"erased_at_ms":   integerSchema("When the answers, files, comments and notes were erased.").WithNullable(),
		"subject":        subjectSchema(),
		"valid_until_ms": validUntilSchema(),
		"archived":       describedAs("The ticket is in the archive, where nobody changes it. Left out when it is not.", openapi3.NewBoolSchema()),
	}
}

// termsMembers are the members that only some tickets have.
func termsMembers() []string { return []string{"subject", "valid_until_ms", "archived"} }

func subjectSchema() *openapi3.Schema {
	return textSchema("What the ticket is for, where the form says `latest_per`.")
}

func validUntilSchema() *openapi3.Schema {
	return integerSchema("When the approval ends. Left out when it does not.")
}

// grantSchema is what an approval has granted.
func grantSchema() *openapi3.Schema {
	schema := openapi3.NewObjectSchema().WithAnyAdditionalProperties().WithNullable()
	schema.Description = "What the approval granted, where the form asks for answers of its own."
	return schema
}

// reasonsSchema is the codes of the reasons of a rejection.
func reasonsSchema() *openapi3.Schema {
	return openapi3.NewArraySchema().WithItems(textSchema("")).WithMinItems(1)
}

// rejectRowsSchema is the rows of groups that a rejection is for.
func rejectRowsSchema() *openapi3.Schema {
	schema := openapi3.NewArraySchema().WithItems(textSchema("")).WithMinItems(1).WithNullable()
	schema.Description = "The rows of groups that the rejection is for, such as `owners.1`, the second one. Null: all at which its reasons point."
	return schema
}

// classSchema is whether the user may submit again after a rejection. It is a pattern: an enumeration that can be null is read
// in different ways.
func classSchema() *openapi3.Schema {
	return textSchema("Whether the user may submit again.").WithPattern("^(" + joinTexts(ticket.Classes, "|") + ")$")
}

func historySchema() *openapi3.Schema {
	all := ticketMembers()
	all["history"] = openapi3.NewArraySchema().WithMinItems(1)
	all["history"].Items = schemaRef("Event")
	all["files"] = openapi3.NewObjectSchema().WithNullable()
	all["files"].Description = "The files among the answers, by the names of their fields; of a field that takes several NAME.0, NAME.1 and so on; null when they cannot be read at this moment."
	all["files"].AdditionalProperties = openapi3.AdditionalProperties{Schema: schemaRef("TicketFile")}
	all["agreed"] = openapi3.NewArraySchema()
	all["agreed"].Description = "To which texts the user agreed by a box of the form that they filled in."
	all["agreed"].Items = schemaRef("Agreement")
	all["match"] = matchesSchema().WithNullable()
	return objectOf("One ticket with its history and its files.", all, termsMembers()...)
}

func agreementSchema() *openapi3.Schema {
	links := openapi3.NewArraySchema().WithItems(textSchema(""))
	links.Description = "What the text links to."
	return objectOf("A text to which a user agreed.", schemaMembers{
		"field": textSchema("The box."), "text": textSchema("As the user read it, each link followed by its address."), "links": links,
		"version": textSchema("Of what was agreed to, as the form says it; empty when it does not."),
	})
}

// ticketFileSchema is a file of a ticket, and what was measured of it if it is a picture.
func ticketFileSchema() *openapi3.Schema {
	picture := openapi3.NewAllOfSchema().WithNullable()
	picture.Description, picture.AllOf = "Null for a document.", openapi3.SchemaRefs{schemaRef("Picture")}
	return objectOf("A file of a ticket.", schemaMembers{
		"id": uuidSchema(), "media_type": refSchema("MediaType"), "size": integerSchema("Bytes, as kept."),
		"sha256":  textSchema("Of the bytes as they were sent, which for a picture are not those that are kept.").WithPattern("^[0-9a-f]{64}$"),
		"picture": picture, "read": readsSchema(), "faces": facesSchema(),
	})
}

func pictureSchema() *openapi3.Schema {
	share := func(about string) *openapi3.Schema {
		return describedAs(about, openapi3.NewFloat64Schema().WithMin(0).WithMax(1))
	}
	side := integerSchema("In pixels, of the picture as it was sent, held upright.").WithMin(1)
	return objectOf("What was measured of a picture.", schemaMembers{
		"width": side, "height": side,
		"blur":       describedAs(fmt.Sprintf("The variance of the Laplacian; below %d it is blurred.", photo.BlurBelow), openapi3.NewFloat64Schema().WithMin(0)),
		"brightness": share(fmt.Sprintf("0 is black, 1 white; below %v it is dark.", photo.DarkBelow)),
		"glare":      share(fmt.Sprintf("What share is burnt out; above %v it hides something.", photo.GlareAbove)),
		"grey":       share("What share has no colour; 1 for a photocopy."),
		"warnings":   warningsSchema(),
	})
}

// warningsSchema is what is wrong with a picture.
func warningsSchema() *openapi3.Schema {
	schema := openapi3.NewArraySchema()
	schema.Description, schema.Items = "What the user was told, worst first.", schemaRef("Warning")
	return schema
}

func latestSchema() *openapi3.Schema {
	return objectOf("The latest approved ticket of a user.", schemaMembers{
		"user_id": userIDSchema(), "ticket_id": uuidSchema(), "status": enumOf(ticket.Approved), "extra": refSchema("Answers"),
		"decided_by": actorSchema("agent", "rule", "key"), "decided_at_ms": integerSchema(""),
		"created_at_ms": integerSchema("When the user's first approval was decided."),
		"updated_at_ms": integerSchema("Grows with every approval of the user."),
		"subject":       subjectSchema(), "valid_until_ms": validUntilSchema(),
		"grant": describedAs("The answers of the approval itself, where it has any.", openapi3.NewObjectSchema()),
	}, "subject", "valid_until_ms", "grant")
}

func usersSchema() *openapi3.Schema {
	ids := openapi3.NewArraySchema().WithItems(userIDSchema()).WithMinItems(1).WithMaxItems(maxBatchUsers)
	return closedObject("Some users.", schemaMembers{"user_ids": ids, "for": textSchema("Their latest approvals for this subject, where the form says `latest_per`.")}, "for")
}

func latestTicketsSchema() *openapi3.Schema {
	items := openapi3.NewArraySchema().WithMaxItems(maxBatchUsers)
	items.Items = schemaRef("UserLatestTicket")
	return objectOf("Users with their latest approved tickets.", schemaMembers{"items": items})
}

func latestOfSchema() *openapi3.Schema {
	items := openapi3.NewArraySchema().WithMaxItems(maxSubjects)
	items.Items = schemaRef("LatestTicket")
	return objectOf("The latest approved tickets of a user, one for each subject.", schemaMembers{"items": items})
}

func userLatestSchema() *openapi3.Schema {
	found := openapi3.NewAllOfSchema().WithNullable()
	found.Description, found.AllOf = "Null for a user without an approved ticket.", openapi3.SchemaRefs{schemaRef("LatestTicket")}
	return objectOf("A user with the latest approved ticket.", schemaMembers{"user_id": userIDSchema(), "ticket": found})
}

func ticketNameSchema() *openapi3.Schema {
	return objectOf("Which ticket it is.", schemaMembers{
		"id": uuidSchema(), "user_id": userIDSchema(), "status": refSchema("TicketStatus"), "version": integerSchema(""), "created_at_ms": integerSchema(""),
	})
}

func eventSchema() *openapi3.Schema {
	return objectOf("One change of a ticket.", schemaMembers{
		"version": integerSchema("The version of the ticket that the change made."), "kind": enumOf(ticket.EventKinds...),
		"actor": eventActorSchema(), "at_ms": integerSchema(""),
		"reason": textSchema("The first of `reasons`.").WithNullable(), "reasons": reasonsSchema().WithNullable(),
		"class": classSchema().WithNullable(), "comment": textSchema("What the user reads.").WithNullable(),
		"rule_hash": textSchema("Of what the rule said that decided: another text of it has another hash.").WithNullable(),
		"step":      textSchema("Of `step_approved`, which is an approval that did not close the ticket: the name of the step.").WithNullable(),
	})
}

func feedEventSchema() *openapi3.Schema {
	status := openapi3.NewAllOfSchema().WithNullable()
	status.Description, status.AllOf = "That the ticket got.", openapi3.SchemaRefs{schemaRef("TicketStatus")}
	return objectOf("One committed change. The erasure of a user, `user.erased`, has no ticket, version and status.", schemaMembers{
		"id": describedAs("The same wherever and whenever it is read; no other event has it.", uuidSchema()), "type": refSchema("EventType"),
		"ticket_id": uuidSchema().WithNullable(), "user_id": userIDSchema(),
		"user_seq": integerSchema("Grows with the events of a user. It may have gaps."),
		"version":  integerSchema("Of the ticket.").WithNullable(), "status": status, "at_ms": integerSchema(""),
		"reasons": reasonsSchema(),
	}, "reasons")
}

func eventsSchema() *openapi3.Schema {
	items := openapi3.NewArraySchema().WithMaxItems(maxEvents)
	items.Items = schemaRef("FeedEvent")
	return objectOf("One page of the feed.", schemaMembers{"items": items, "next": textSchema("The `after` of the next call, also when there are no events.")})
}

// eventActorSchema is who made a change: of an erasure also a command, or the form.
func eventActorSchema() *openapi3.Schema {
	return textSchema("Who, as `kind:id`; of an erasure also `cli`, a command, or `retention`, what the form says of how long tickets are kept.").
		WithPattern("^(user|agent|rule|key):.+$|^(cli|retention)$")
}

func listSchema() *openapi3.Schema {
	items := openapi3.NewArraySchema().WithMaxItems(listing.MaxLimit)
	items.Items = schemaRef("Ticket")
	return objectOf("One page of a list.", schemaMembers{
		"items":       items,
		"next_cursor": textSchema("The `cursor` of the next page; null on the last one.").WithNullable(),
		"from_ms":     integerSchema("").WithNullable(), "to_ms": integerSchema("").WithNullable(),
	})
}

func fileSchema() *openapi3.Schema {
	return objectOf("A file that was kept.", schemaMembers{
		"id": uuidSchema(), "user_id": userIDSchema(), "field": textSchema(""), "media_type": refSchema("MediaType"),
		"size": integerSchema("Bytes, as kept."), "warnings": warningsSchema(),
		"read": readsSchema(), "faces": facesSchema(),
	})
}

func problemMembers() schemaMembers {
	errs := openapi3.NewArraySchema().WithMinItems(1)
	errs.Description, errs.Items = "What is wrong, field by field; there when `code` is `invalid`.", schemaRef("FieldProblem")
	return schemaMembers{
		"type": enumOf("about:blank"), "title": textSchema("For people; it may change."), "status": integerSchema("The status of the answer."),
		"detail": textSchema("For people; it may change."), "code": refSchema("ProblemCode"),
		"request_id": textSchema("Under which the log has this request."), "errors": errs,
	}
}

// problemWithSchema is a problem that names the ticket that is in the way.
func problemWithSchema(ticketSchema string) *openapi3.Schema {
	all := problemMembers()
	delete(all, "errors")
	all["ticket"] = refSchema(ticketSchema)
	return objectOf("What is wrong, and which ticket is in the way.", all)
}

func problemCodes() (codes []problem.Code) {
	for _, known := range problem.Codes {
		if known.When != "" {
			codes = append(codes, known.Code)
		}
	}
	return codes
}

func fieldProblemSchema() *openapi3.Schema {
	tooLarge := func(code string) bool { return code == string(files.TooLarge) } // is a problem of its own
	codes := slices.Concat(form.Codes(), slices.DeleteFunc(files.Refusals(), tooLarge), problem.FieldCodes)
	slices.Sort(codes)
	return objectOf("What is wrong with one field.", schemaMembers{
		"field":   textSchema("A parameter, a field of the body, or a field of the form."),
		"code":    enumOf(codes...),
		"message": textSchema("What to do, for people."),
	})
}
