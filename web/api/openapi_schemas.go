package api

import (
	"fmt"
	"maps"
	"slices"

	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/photo"
	"docket/internal/ticket"
	"docket/web/listing"
	"docket/web/request"
)

func (d description) schemas() object {
	schemas := object{
		"Document":          object{"type": "object", "description": "An OpenAPI 3.1 document."},
		"Extra":             d.form.Schema(),
		"Answers":           object{"type": "object", "description": "The answers, by the names of the fields of the form that asked for them."},
		"Submission":        closed(object{"user_id": userID(), "extra": ref("schemas", "Extra")}, "What a user has answered."),
		"Decision":          d.decision(),
		"LatestTicket":      latestSchema(),
		"Ticket":            complete(ticketMembers(), "One ticket."),
		"TicketWithHistory": withHistory(),
		"TicketName":        nameSchema(),
		"Event":             eventSchema(),
		"TicketFile":        ticketFileSchema(),
		"List":              listSchema(),
		"FieldProblems":     fieldProblems(),
		"File":              fileSchema(),
	}
	maps.Copy(schemas, problemSchemas())
	return schemas
}

// decision is what closes a ticket: only a rejection has reasons, a class and a comment.
func (d description) decision() object {
	words := object{"type": "string", "maxLength": request.MaxText}
	code := object{"type": "string"}
	if codes, _ := reasons(d.form); len(codes) > 0 {
		code["enum"] = codes
	}
	schema := closed(object{
		"decision": object{"enum": []string{"approve", "reject"}},
		"version":  object{"type": "integer", "minimum": 1, "description": "The version of the ticket that the decision was made on."},
		"reason":   with(code, "description", "A reason of the form; a rejection has this or `reasons`."),
		"reasons":  object{"type": "array", "minItems": 1, "uniqueItems": true, "items": code, "description": "Several reasons, in the order in which the user reads their texts."},
		"class":    object{"enum": []form.Class{form.Retry, form.Final}, "description": "Whether the user may submit again: only a reason of the class `choose` leaves it open. Left out: as the reasons say, and otherwise `retry`."},
		"comment":  with(words, "description", "What the user reads; for a rejection. Left out: the texts of the reasons, where each has one."),
		"note":     with(words, "description", "What neither the user nor another system ever reads."),
	}, "A decision on a ticket.", "reason", "reasons", "class", "comment", "note")
	schema["if"] = object{"properties": object{"decision": object{"const": "reject"}}}
	schema["then"] = rejection(d.form)
	schema["else"] = object{"not": object{"anyOf": required("reason", "reasons", "class", "comment")}}
	return schema
}

// rejection is what a rejection must have: one reason or several, and a comment where one of them has no text.
func rejection(f *form.Form) object {
	schema := object{"oneOf": required("reason", "reasons")}
	if _, silent := reasons(f); len(silent) > 0 {
		has := func(name string, schema object) object {
			return object{"required": []string{name}, "properties": object{name: object{"not": schema}}}
		}
		none := object{"enum": silent}
		schema["anyOf"] = append(required("comment"), has("reason", none), has("reasons", object{"contains": none}))
	}
	return schema
}

// required are schemas that each ask for one of these members.
func required(names ...string) []object {
	schemas := make([]object, len(names))
	for i, name := range names {
		schemas[i] = object{"required": []string{name}}
	}
	return schemas
}

// reasons lists the codes of every reason, and of those whose comment the decider has to write.
func reasons(f *form.Form) (codes, silent []string) {
	for _, reason := range f.Reasons {
		codes = append(codes, reason.Code)
		if reason.Text == "" {
			silent = append(silent, reason.Code)
		}
	}
	return codes, silent
}

func ticketMembers() object {
	return object{
		"id": ticketIDSchema(), "user_id": userID(), "status": object{"enum": ticket.Statuses}, "version": number(),
		"extra":        ref("schemas", "Answers"),
		"form_version": object{"type": "string", "description": "Which text of the form asked for the answers; empty for tickets from elsewhere."},
		"attempt":      with(number(), "description", "How often the user has sent the matter with this one."),
		"previous_id":  orNone(with(ticketIDSchema(), "description", "The rejected ticket that this one mends.")),
		"submitted_by": actor("user", "key"), "decided_by": orNone(actor("agent", "rule", "key")), "decided_at_ms": orNone(number()),
		"reject_reason":  orNone(with(text(), "description", "The first of `reject_reasons`.")),
		"reject_reasons": orNone(codes()), "reject_class": orNone(class()), "reject_comment": orNone(with(text(), "description", "What the user reads.")),
		"created_at_ms": number(), "updated_at_ms": number(),
	}
}

// codes are those of the reasons of a rejection.
func codes() object { return object{"type": "array", "minItems": 1, "items": text()} }

// class is whether the user may submit again after a rejection.
func class() object {
	return object{"type": "string", "pattern": "^(" + string(form.Retry) + "|" + string(form.Final) + ")$"}
}

func withHistory() object {
	members := with(ticketMembers(), "history", object{"type": "array", "minItems": 1, "items": ref("schemas", "Event")})
	return complete(with(members, "files", object{
		"type": []string{"object", "null"}, "additionalProperties": ref("schemas", "TicketFile"),
		"description": "The files among the answers, by the names of their fields; null when they cannot be read at this moment.",
	}), "One ticket with its history and its files.")
}

// ticketFileSchema is a file of a ticket, and what was measured of it if it is a picture.
func ticketFileSchema() object {
	share := func(about string) object {
		return object{"type": "number", "minimum": 0, "maximum": 1, "description": about}
	}
	side := object{"type": "integer", "minimum": 1, "description": "In pixels, of the picture as it was sent, held upright."}
	measured := with(complete(object{
		"width": side, "height": side,
		"blur":       object{"type": "number", "minimum": 0, "description": fmt.Sprintf("The variance of the Laplacian; below %d it is blurred.", photo.BlurBelow)},
		"brightness": share(fmt.Sprintf("0 is black, 1 white; below %v it is dark.", photo.DarkBelow)),
		"glare":      share(fmt.Sprintf("What share is burnt out; above %v it hides something.", photo.GlareAbove)),
		"grey":       share("What share has no colour; 1 for a photocopy."),
		"warnings": object{"type": "array", "items": object{"enum": []photo.Warning{
			photo.Blurry, photo.Dark, photo.Glare, photo.Small, photo.Grey,
		}}, "description": "What the user was told, worst first."},
	}, "What was measured of a picture; null for a document."), "type", []string{"object", "null"})
	return complete(object{
		"id": ticketIDSchema(), "media_type": object{"enum": []string{"image/jpeg", "application/pdf"}}, "size": number(),
		"sha256":  object{"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "Of the bytes as they were sent, which for a picture are not those that are kept."},
		"picture": measured,
	}, "A file of a ticket.")
}

func latestSchema() object {
	return complete(object{
		"user_id": userID(), "ticket_id": ticketIDSchema(), "status": object{"const": "approved"}, "extra": ref("schemas", "Answers"),
		"decided_by": actor("agent", "rule", "key"), "decided_at_ms": number(),
		"created_at_ms": with(number(), "description", "When the user's first approval was decided."),
		"updated_at_ms": with(number(), "description", "Grows with every approval of the user."),
	}, "The latest approved ticket of a user.")
}

func nameSchema() object {
	return complete(object{
		"id": ticketIDSchema(), "user_id": userID(), "status": object{"enum": ticket.Statuses}, "version": number(), "created_at_ms": number(),
	}, "Which ticket it is.")
}

func eventSchema() object {
	kinds := []ticket.EventKind{ticket.EventSubmitted, ticket.EventApproved, ticket.EventRejected, ticket.EventWithdrawn}
	return complete(object{
		"version": with(number(), "description", "The version of the ticket that the change made."), "kind": object{"enum": kinds},
		"actor": actor("user", "agent", "rule", "key"), "at_ms": number(), "reason": orNone(text()), "reasons": orNone(codes()),
		"class": orNone(class()), "comment": orNone(text()),
		"rule_hash": orNone(with(text(), "description", "Of what the rule said that decided: another text of it has another hash.")),
	}, "One change of a ticket.")
}

func listSchema() object {
	return complete(object{
		"items":       object{"type": "array", "maxItems": listing.MaxLimit, "items": ref("schemas", "Ticket")},
		"next_cursor": orNone(with(text(), "description", "The `cursor` of the next page; null on the last one.")),
		"from_ms":     orNone(number()), "to_ms": orNone(number()),
	}, "One page of a list.")
}

func fileSchema() object {
	warnings := object{"enum": []photo.Warning{photo.Blurry, photo.Dark, photo.Glare, photo.Grey}}
	return complete(object{
		"id": ticketIDSchema(), "user_id": userID(), "field": text(), "media_type": object{"enum": storedTypes},
		"size":     with(number(), "description", "Bytes, as kept."),
		"warnings": object{"type": "array", "uniqueItems": true, "items": warnings},
	}, "A file that was kept.")
}

func fieldProblems() object {
	codes := append(files.Refusals(),
		form.CodeRequired, form.CodeTooShort, form.CodeTooLong, form.CodePattern, form.CodeNotADate, form.CodeTooEarly, form.CodeTooLate,
		form.CodeNotAnOption, form.CodeNotANumber, form.CodeTooSmall, form.CodeTooLarge, form.CodeTooManyDecimals, form.CodeBadEmail,
		form.CodeBadTel, form.CodeNotAFile, form.CodeNotAnMRZ, form.CodeCheckDigits, form.CodeBadCharacters, form.CodeGivenTwice, form.CodeNotApplicable, form.CodeWrongType, form.CodeUnknownField,
		"unknown_parameter", "unexpected", "bad_user_id", "bad_limit", "bad_time", "bad_cursor",
	)
	slices.Sort(codes)
	return object{"type": "array", "minItems": 1, "items": complete(object{
		"field":   with(text(), "description", "A parameter, a field of the body, or a field of the form."),
		"code":    object{"enum": codes},
		"message": with(text(), "description", "What to do, for people."),
	}, "What is wrong with one field.")}
}

// complete is the schema of an object that has all of these members, but for those that it may lack.
func complete(members object, about string, optional ...string) object {
	required := slices.DeleteFunc(slices.Sorted(maps.Keys(members)), func(name string) bool { return slices.Contains(optional, name) })
	return object{"type": "object", "description": about, "properties": members, "required": required}
}

// closed is a complete object without any further members.
func closed(members object, about string, optional ...string) object {
	return with(complete(members, about, optional...), "additionalProperties", false)
}

// with is o and one more member.
func with(o object, name string, value any) object {
	o = maps.Clone(o)
	o[name] = value
	return o
}

func text() object   { return object{"type": "string"} }
func number() object { return object{"type": "integer"} }

func orNone(schema object) object { return with(schema, "type", []any{schema["type"], "null"}) }

func userID() object {
	return object{"type": "string", "minLength": 1, "maxLength": request.MaxUserID, "description": "Your own id of a user, without control characters."}
}

func ticketIDSchema() object {
	return object{"type": "string", "format": "uuid", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}
}

// actor is who did something: a kind of actor and their id or name.
func actor(kinds ...string) object {
	pattern := "^("
	for i, kind := range kinds {
		if i > 0 {
			pattern += "|"
		}
		pattern += kind
	}
	return object{"type": "string", "pattern": pattern + "):.+$"}
}
