package api

import (
	"net/http"

	"github.com/getkin/kin-openapi/openapi3"

	"docket/web/attachment"
)

// describeHeaders describes every header that an answer can have.
func describeHeaders(csp string) openapi3.Headers {
	headers := openapi3.Headers{}
	add := func(name, about string, required bool, schema *openapi3.Schema) {
		headers[name] = &openapi3.HeaderRef{Value: &openapi3.Header{Parameter: openapi3.Parameter{
			Description: about, Required: required, Schema: schema.NewRef(),
		}}}
	}
	text := openapi3.NewStringSchema
	add("X-Request-Id", "Names this request in the log.", true, text().WithFormat("uuid"))
	add("Cache-Control", "Who may keep the answer.", true, text())
	add("ETag", "A strong tag for `If-None-Match`.", true, text().WithPattern(`^"[0-9a-f]+"$`))
	add("Location", "Where the ticket or the file is.", true, text().WithPattern("^/api/v1/(tickets|files)/[0-9a-f-]{36}$"))
	add("Content-Disposition", "A name for the file.", true, text())
	add("Allow", "The methods that the address takes.", true, text())
	add("Retry-After", "How many seconds to wait before the next try.", true, openapi3.NewIntegerSchema().WithMin(1))
	add("WWW-Authenticate", "How to show who asks.", true, enumOf(`Bearer realm="docket"`))
	add("X-Consistency", "`degraded`: the primary is away or overloaded, so the answer is the replica's.", false, enumOf("degraded"))
	add("Vary", "The answer may be compressed.", true, enumOf("Accept-Encoding"))
	add("RateLimit", "How many requests the key has left, and for how many seconds. It is there when fewer than a fifth of them are.", false, text().WithPattern(`^"key";r=[0-9]+;t=1$`))
	add("RateLimit-Policy", "How many requests a key may make, and in how many seconds. It is there together with `RateLimit`.", false, text().WithPattern(`^"key";q=[0-9]+;w=1$`))
	add("Content-Security-Policy", "For browsers that open this address: nothing may be done with the answer.", true, enumOf(csp, attachment.CSP))
	add("X-Content-Type-Options", "For browsers that open this address.", true, enumOf("nosniff"))
	return headers
}

// commonHeaders names the headers that every answer has, or may have.
func commonHeaders() []string {
	return []string{"X-Request-Id", "Cache-Control", "Content-Security-Policy", "X-Content-Type-Options", "RateLimit", "RateLimit-Policy"}
}

// problemHeaders names the further headers that every error of a status has.
func problemHeaders(status int) []string {
	switch status {
	case http.StatusUnauthorized:
		return []string{"WWW-Authenticate"}
	case http.StatusMethodNotAllowed:
		return []string{"Allow"}
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return []string{"Retry-After"}
	}
	return nil
}
