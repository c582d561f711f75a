package api

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"docket/internal/form"
	"docket/internal/strictjson"
	"docket/web/problem"
	"docket/web/request"
)

const maxBodyBytes = 64 << 10 // bytes of a body, unless a call takes more

// requestBody is the one object that a call was sent, and what is wrong with it so far.
type requestBody struct {
	members map[string]strictjson.Member
	wrong   problem.Invalid
}

// readJSON reads an object whose members are among names. JSON that programs could read differently is malformed; an unknown
// member is noted as a problem.
func readJSON(w http.ResponseWriter, r *http.Request, names ...string) (*requestBody, error) {
	return readJSONUpTo(w, r, maxBodyBytes, names...)
}

// readJSONUpTo is readJSON of a body that may have so many bytes.
func readJSONUpTo(w http.ResponseWriter, r *http.Request, maxBytes int64, names ...string) (*requestBody, error) {
	text, err := readBody(w, r, maxBytes)
	if err != nil {
		return nil, err
	}
	members, err := strictjson.Object(text, names...)
	if err != nil {
		return nil, err
	}
	b := &requestBody{members: make(map[string]strictjson.Member, len(members))}
	for _, m := range members {
		b.members[m.Name] = m
		if !slices.Contains(names, m.Name) {
			b.addProblem(m.Name, form.CodeUnknownField, "This call has no such field.")
		}
	}
	return b, nil
}

// readBody reads a body that says that it is JSON, in UTF-8 and not compressed.
func readBody(w http.ResponseWriter, r *http.Request, maxBytes int64) ([]byte, error) {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset, hasCharset := parameters["charset"]
	if err != nil || kind != "application/json" || hasCharset && !strings.EqualFold(charset, "utf-8") || request.CheckEncoding(r) != nil {
		return nil, problem.WithDetail(problem.ErrMediaType, "Send the body as plain JSON, with Content-Type: application/json.")
	}
	if err := request.LimitBody(w, r, maxBytes); err != nil {
		return nil, err
	}
	text, err := io.ReadAll(r.Body)
	if _, large := errors.AsType[*http.MaxBytesError](err); err != nil && !large {
		return nil, problem.WithDetail(problem.ErrMalformed, "The body ended too early.")
	}
	return text, err
}

func (b *requestBody) addProblem(name, code, message string) {
	b.wrong.Add(name, code, message)
}

// hasProblem reports whether one of these fields is known to be wrong.
func (b *requestBody) hasProblem(names ...string) bool {
	return slices.ContainsFunc(b.wrong, func(p problem.Field) bool { return slices.Contains(names, p.Field) })
}

// hasField reports whether the body has a member, and notes that a required one is missing.
func (b *requestBody) hasField(name string, required bool) bool {
	_, sent := b.members[name]
	if required && !sent {
		b.addProblem(name, form.CodeRequired, "This field must be sent.")
	}
	return sent
}

// readText is a member that must be a string; false when there is none.
func (b *requestBody) readText(name string, required bool) (text string, ok bool) {
	if !b.hasField(name, required) {
		return "", false
	}
	if value := b.members[name].Value; value[0] != '"' || json.Unmarshal(value, &text) != nil {
		b.addProblem(name, form.CodeWrongType, "Must be a string.")
		return "", false
	}
	return text, true
}

// readUserID is a member that must be the id of a user.
func (b *requestBody) readUserID(name string) string {
	id, ok := b.readText(name, true)
	if ok && (id == "" || !request.ValidUserID(id)) {
		b.addProblem(name, problem.FieldBadUserID, "A user id has 1 to 128 characters, and no control characters.")
	}
	return id
}

// readVersion is a member that must be the version of a ticket.
func (b *requestBody) readVersion(name string) int64 {
	if !b.hasField(name, true) {
		return 0
	}
	n, err := request.ParseVersion(string(b.members[name].Value))
	if err != nil {
		b.addProblem(name, form.CodeWrongType, "Must be a whole number above zero, in plain digits.")
	}
	return n
}

// readComment is a member that people read: tidied, not too long, and without what cannot be seen.
func (b *requestBody) readComment(name string) string {
	text, _ := b.readText(name, false)
	text = request.TidyText(text)
	if utf8.RuneCountInString(text) > request.MaxText {
		b.addProblem(name, form.CodeTooLong, "Use at most 4000 characters.")
	}
	if !request.ValidText(text) {
		b.addProblem(name, form.CodeBadCharacters, "This has characters that cannot be kept. Delete what cannot be seen.")
	}
	return text
}
