package api

import (
	"maps"

	"docket/web/attachment"
)

// problemText is what the document says of one error.
type problemText struct {
	status int
	when   string
	member string // the schema of the further member that it has; empty: none
}

// problems is every error of the JSON interface, by its code. A test compares it with what is answered.
func problems() map[string]problemText {
	return map[string]problemText{
		"malformed_request":      {400, "the query or the body is cut off or cannot be read, or a header that is needed is missing or wrong.", ""},
		"malformed_json":         {400, "the body is not JSON that everybody reads alike; `detail` says at which byte.", ""},
		"unauthenticated":        {401, "there is no key, or it is unknown or revoked.", ""},
		"missing_scope":          {403, "the key lacks the scope.", ""},
		"forbidden":              {403, "a browser sent this from another site.", ""},
		"not_found":              {404, "there is none.", ""},
		"no_approved_ticket":     {404, "the user has no approved ticket, or is unknown.", ""},
		"method_not_allowed":     {405, "the address does not take the method.", ""},
		"already_decided":        {409, "the ticket is closed; `ticket` is how it stands.", "Ticket"},
		"stale_version":          {409, "the ticket is open but has another version; `ticket` is how it stands.", "Ticket"},
		"ticket_held":            {409, "an agent is working on the ticket; `ticket` is how it stands.", "Ticket"},
		"resubmission_closed":    {409, "the user's last ticket, which `ticket` names, was rejected for good or as often as the form allows, and no admin has let the user in again.", "TicketName"},
		"open_ticket_exists":     {409, "the user has an open ticket, which `ticket` names.", "TicketName"},
		"too_large":              {413, "the body has more than 64 KiB, or as a file more than 10 MiB.", ""},
		"unsupported_media_type": {415, "the body is not declared as a type that the call takes, or is packed.", ""},
		"invalid":                {422, "the input can be read but not accepted; `errors` says why, field by field.", "FieldProblems"},
		"time_range_too_wide":    {422, "the range has more than 31 days.", ""},
		"bad_cursor":             {422, "the cursor was changed, or is of another list.", ""},
		"idempotency_key_reused": {422, "other content was sent under this key before.", ""},
		"rate_limited":           {429, "the key asks for more in a second than it may, or the user has sent more files in a day than anybody needs.", ""},
		"internal":               {500, "our fault; the cause is in our log under the `request_id`.", ""},
		"overloaded":             {503, "too much is asked at this moment; nothing was done.", ""},
		"unavailable":            {503, "the primary or the storage of files cannot be reached. A write may or may not have been kept: repeat it.", ""},
	}
}

// problemSchemas is one schema for each error.
func problemSchemas() object {
	schemas := object{}
	for code, p := range problems() {
		members := object{
			"type":       object{"const": "about:blank"},
			"title":      object{"type": "string", "description": "For people; it may change."},
			"status":     object{"const": p.status},
			"detail":     object{"type": "string", "description": "For people; it may change."},
			"code":       object{"const": code},
			"request_id": object{"type": "string", "description": "Under which the log has this request."},
		}
		switch p.member {
		case "FieldProblems":
			members["errors"] = ref("schemas", p.member)
		case "":
		default:
			members["ticket"] = ref("schemas", p.member)
		}
		schemas["Problem_"+code] = complete(members, p.when)
	}
	return schemas
}

// headers is every header that an answer can have.
func headers(csp string) object {
	header := func(about string, required bool, schema object) object {
		return object{"description": about, "required": required, "schema": schema}
	}
	text := object{"type": "string"}
	all := object{
		"X-Request-Id":        header("Names this request in the log.", true, object{"type": "string", "format": "uuid"}),
		"Cache-Control":       header("Who may keep the answer.", true, text),
		"ETag":                header("A strong tag for `If-None-Match`.", true, object{"type": "string", "pattern": `^"[0-9a-f]+"$`}),
		"Location":            header("Where the ticket or the file is.", true, object{"type": "string", "pattern": "^/api/v1/(tickets|files)/[0-9a-f-]{36}$"}),
		"Content-Disposition": header("A name for the file.", true, text),
		"Allow":               header("The methods that the address takes.", true, text),
		"Retry-After":         header("How many seconds to wait before the next try.", true, object{"type": "integer", "minimum": 1}),
		"WWW-Authenticate":    header("How to show who asks.", true, object{"const": `Bearer realm="docket"`}),
		"X-Consistency":       header("`degraded`: the primary is away, so the answer is the replica'a.", false, object{"const": "degraded"}),
	}
	maps.Copy(all, protection(header, csp))
	return all
}

// protection is the headers that keep a browser from doing harm with an answer.
func protection(header func(string, bool, object) object, csp string) object {
	const about = "For browsers that open this address."
	return object{
		"Content-Security-Policy": header(about, true, object{"enum": []string{csp, attachment.CSP}}),
		"X-Content-Type-Options":  header(about, true, object{"const": "nosniff"}),
	}
}

// everywhere names the headers that every answer has.
func everywhere() []string {
	return []string{"X-Request-Id", "Cache-Control", "Content-Security-Policy", "X-Content-Type-Options"}
}
