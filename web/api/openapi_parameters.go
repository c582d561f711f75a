package api

import (
	"docket/internal/ticket"
	"docket/views"
	"docket/web/listing"
)

// uploads is the name of a field that asks for a file.
func (d description) uploads() object {
	if names := d.form.Uploads(); len(names) > 0 {
		return with(text(), "enum", names)
	}
	return text()
}

// parameters is everything that a call can be sent beside its body.
func (d description) parameters() object {
	query := func(name, about string, schema object) object {
		return object{"name": name, "in": "query", "description": about, "schema": schema}
	}
	time := "An RFC 3339 time, or a date (YYYY-MM-DD) in the time zone " + d.form.Zone.String() + "."
	return object{
		"UserID":   object{"name": "user_id", "in": "path", "required": true, "schema": userID()},
		"TicketID": object{"name": "id", "in": "path", "required": true, "schema": ticketIDSchema()},
		"Status":   query("status", "Of which status.", object{"enum": ticket.Statuses, "default": ticket.Processing}),
		"From":     query("from", "Created then or later. "+time+" Default: seven days before `to`.", text()),
		"To":       query("to", "Created before then; a date belongs to the range. "+time+" Default: this moment. At most 31 days after `from`.", text()),
		"User":     query("user_id", "Of this user alone.", userID()),
		"Sort":     query("sort", "Which come first.", object{"enum": []string{"oldest", "newest"}, "default": "oldest"}),
		"Cursor":   query("cursor", "The `next_cursor` of the page before, with the same parameters.", with(text(), "minLength", 1)),
		"Limit": query("limit", "How many tickets a page has.",
			object{"type": "integer", "minimum": 1, "maximum": listing.MaxLimit, "default": views.DefaultLimit}),
		"Fresh": object{
			"name": "Cache-Control", "in": "header", "schema": text(),
			"description": "`no-cache`: read from the primary.",
		},
		"FileUser":  with(query("user_id", "Whose file it is.", userID()), "required", true),
		"FileField": with(query("field", "The field of the form that the file answers.", d.uploads()), "required", true),
		"FileID":    object{"name": "id", "in": "path", "required": true, "schema": ticketIDSchema()},
		"IfNoneMatch": object{
			"name": "If-None-Match", "in": "header", "schema": text(),
			"description": "The `ETag` of an earlier answer. While it stands the answer is 304, without a body.",
		},
		"IdempotencyKey": object{
			"name": "Idempotency-Key", "in": "header", "required": true,
			"description": "Your own name for this submission: the same one twice makes one ticket.",
			"schema":      object{"type": "string", "minLength": 1, "maxLength": keyMost, "pattern": "^[ -~]+$"},
		},
	}
}
