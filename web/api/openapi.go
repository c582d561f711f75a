package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"

	"github.com/getkin/kin-openapi/openapi3"

	"docket/internal/form"
	"docket/static"
	"docket/web/problem"
)

// document is the description of the JSON interface, as it is sent.
type document struct {
	text, packed     []byte // as it is, and in gzip
	etag, packedETag string
}

func newDocument(f *form.Form, csp string) document {
	return encodeDocument(describeInterface(f, csp))
}

func encodeDocument(doc *openapi3.T) document {
	text, _ := json.Marshal(doc) // a document always marshals
	sum := sha256.Sum256(text)
	name := hex.EncodeToString(sum[:8])
	return document{text: text, packed: compress(text, ""), etag: `"` + name + `"`, packedETag: `"` + name + `0"`}
}

// OpenAPI is the description of the JSON interface. It holds nothing that needs a key.
func (a *API) OpenAPI(w http.ResponseWriter, r *http.Request) error {
	if _, err := parseParameters(r); err != nil {
		return err
	}
	made := a.document()
	text, etag := made.text, made.etag
	w.Header().Set("Cache-Control", "public, no-cache")
	w.Header().Set("Vary", "Accept-Encoding")
	if static.AcceptsGzip(r) {
		text, etag = made.packed, made.packedETag
		w.Header().Set("Content-Encoding", "gzip")
	}
	w.Header().Set("ETag", etag)
	if matchesETag(r.Header.Values("If-None-Match"), etag) {
		w.Header().Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(text) // a client that has gone needs no answer
	return nil
}

const overview = `Look up, list, submit and decide tickets.

**Keys.** Send ` + "`Authorization: Bearer dk_…`" + `. A key has scopes; each call names the one it needs. A key that is revoked or expires ends within five seconds. A key may be kept from deciding what it has submitted (403 ` + "`forbidden`" + `).

**Times** are Unix milliseconds in fields whose name ends in ` + "`_ms`" + `. **Ids** of tickets are UUIDs in lower case; an id that cannot be one is not found.

**Fresh reads.** With ` + "`Cache-Control: no-cache`" + ` a GET is answered from the primary and includes everything committed before it arrived, whichever instance took it. Without it an answer may be a moment old.

**Strict input.** Unknown parameters and unknown fields are refused by name, and so is a parameter that is empty or there twice. A body is one JSON object in UTF-8 of at most 64 KiB, unless the call says more. What programs could read differently is refused as ` + "`malformed_json`" + `, and ` + "`detail`" + ` says at which byte, counted from 0: a name twice in one object, a name that differs from a known one only in its case, anything behind the object, NaN and Infinity, numbers that do not fit a 64-bit float or have an exponent beyond ±308, invalid UTF-8, the character NUL, half a surrogate pair, more than 32 levels. Leave out what you do not send: null is refused.

**Errors** are RFC 9457 problems. ` + "`code`" + ` is stable and made for programs; ` + "`title`" + ` and ` + "`detail`" + ` are for people and may change. ` + "`request_id`" + ` is also the header ` + "`X-Request-Id`" + ` of every answer. ` + "`x-codes`" + ` lists the codes that a response can have. A later release may add codes, types of events and other values: treat one that you do not know like its status, or pass it over.

**Repeating is safe.** A submission is repeated under its ` + "`Idempotency-Key`" + `, a decision by sending it again: neither is applied twice. After 503 do just that.

**HEAD** is answered wherever GET is, without a body. An address that does not exist answers 404 ` + "`not_found`" + `.`

// describeInterface is the OpenAPI document of a ticket system. It is of version 3.0.3, which every generator reads.
func describeInterface(f *form.Form, csp string) *openapi3.T {
	responses := openapi3.ResponseBodies{}
	return &openapi3.T{
		OpenAPI: "3.0.3",
		Info:    &openapi3.Info{Title: f.Title + ": the JSON interface of docket", Version: "1", Description: overview},
		Servers: openapi3.Servers{{URL: "/"}},
		Paths:   describePaths(responses),
		Components: &openapi3.Components{
			SecuritySchemes: openapi3.SecuritySchemes{"key": {Value: &openapi3.SecurityScheme{
				Type: "http", Scheme: "bearer", Description: "An API key, `dk_…`.",
			}}},
			Parameters: describeParameters(f),
			Headers:    describeHeaders(csp),
			Schemas:    describeSchemas(f),
			Responses:  responses,
		},
	}
}

// codesExtension names the codes that a response can have.
const codesExtension = "x-codes"

func schemaRef(name string) *openapi3.SchemaRef {
	return &openapi3.SchemaRef{Ref: "#/components/schemas/" + name}
}

func statusesOf(codes []problem.Code) map[int][]problem.Code {
	byStatus := map[int][]problem.Code{}
	for _, code := range codes {
		byStatus[code.Status()] = append(byStatus[code.Status()], code)
	}
	return byStatus
}
