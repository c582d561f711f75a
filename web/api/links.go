package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/form"
	"docket/internal/i18n"
	"docket/internal/submissionlink"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

// How long texts of a link may be, in characters.
const (
	maxReturnURL = 2000
	maxState     = 500
)

// linkJSON is a submission link that was made. Its address is not shown again.
type linkJSON struct {
	ID          string `json:"id"`
	URL         string `json:"url"`
	ExpiresAtMS int64  `json:"expires_at_ms"`
}

// AddLink makes an address at which a person fills in the form for a user of the key's system.
func (a *API) AddLink(w http.ResponseWriter, r *http.Request, by account.Key) error {
	if _, err := parseParameters(r); err != nil {
		return err
	}
	b, err := readJSON(w, r, "user_id", "return_url", "state", "expires_in", "prefill", "locked", "language")
	if err != nil {
		return err
	}
	settings := submissionlink.Settings{
		KeyID: by.ID, UserID: b.readUserID("user_id"), ReturnURL: b.readReturnURL(by), State: b.readState(), Life: b.readLife(), Language: a.readLanguage(b),
	}
	if settings.Prefill, err = a.readPrefill(b); err != nil {
		return err
	}
	settings.Locked = b.readLocked(settings.Prefill)
	a.fixLink(b, by, &settings)
	if err := b.wrong.Sorted(); err != nil {
		return err
	}
	link, token, err := a.Links.Add(r.Context(), settings)
	if errors.Is(err, submissionlink.ErrKey) { // it was revoked a moment ago
		return problem.ErrUnauthenticated
	}
	if err != nil {
		return err
	}
	if err := a.Audit.Record(r.Context(), request.NewEntry(r, audit.LinkAdded, audit.LinkObject(link.ID))); err != nil {
		return err
	}
	return WriteJSON(w, http.StatusCreated, linkJSON{link.ID.String(), a.baseURL(r) + views.LinkPath(token), link.ExpiresAt.UnixMilli()})
}

// RevokeLink ends a link that the key has made.
func (a *API) RevokeLink(w http.ResponseWriter, r *http.Request, by account.Key) error {
	if _, err := parseParameters(r); err != nil {
		return err
	}
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil || id.String() != r.PathValue("id") {
		return submissionlink.ErrNotFound
	}
	if err := a.Links.Revoke(r.Context(), by.ID, id); err != nil {
		return err
	}
	if err := a.Audit.Record(r.Context(), request.NewEntry(r, audit.LinkRevoked, audit.LinkObject(id))); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// baseURL is where people reach docket: as it is set, else as this request did.
func (a *API) baseURL(r *http.Request) string {
	if a.BaseURL != "" {
		return a.BaseURL
	}
	return "http://" + r.Host
}

// readReturnURL is where the person goes afterwards: an address of an origin that the key allows.
func (b *requestBody) readReturnURL(by account.Key) string {
	text, ok := b.readText("return_url", false)
	switch {
	case !ok:
		return ""
	case utf8.RuneCountInString(text) > maxReturnURL:
		b.addProblem("return_url", form.CodeTooLong, "Use at most 2000 characters.")
	case !by.MayReturnTo(text) || !isPlainURL(text):
		b.addProblem("return_url", form.CodeNotAnOption, "Must be an address, without a user or a fragment, of an origin that the key may return to: docket key add --return-origin.")
	}
	return text
}

// isPlainURL reports whether an address is written as a browser would send it, so that nobody reads another host in it.
func isPlainURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Fragment == "" && !slices.ContainsFunc([]byte(text), func(c byte) bool { return c <= ' ' || c > '~' || c == '\\' })
}

// readState is what comes back with the return address.
func (b *requestBody) readState() string {
	text, _ := b.readText("state", false)
	if utf8.RuneCountInString(text) > maxState {
		b.addProblem("state", form.CodeTooLong, "Use at most 500 characters.")
	}
	if !utf8.ValidString(text) || slices.ContainsFunc([]rune(text), func(c rune) bool { return c < ' ' || c == 0x7f }) {
		b.addProblem("state", form.CodeBadCharacters, "This has characters that cannot be kept.")
	}
	return text
}

// readLife is for how many seconds the link works.
func (b *requestBody) readLife() time.Duration {
	if !b.hasField("expires_in", false) {
		return submissionlink.DefaultLife
	}
	text := string(b.members["expires_in"].Value)
	seconds, err := strconv.ParseInt(text, 10, 64)
	life := time.Duration(min(max(seconds, 0), 1<<32)) * time.Second
	if err != nil || strconv.FormatInt(seconds, 10) != text || life < submissionlink.MinLife || life > submissionlink.MaxLife {
		b.addProblem("expires_in", problem.FieldBadTime, "Must be a whole number of seconds from 600 to 2592000.")
	}
	return life
}

// readLanguage is the language in which the form is shown; empty: that of the browser.
func (a *API) readLanguage(b *requestBody) string {
	language, ok := b.readText("language", false)
	if ok && !slices.Contains(a.Form.Languages, language) {
		b.addProblem("language", form.CodeNotAnOption, "The form has no such language.")
	}
	return language
}

// readPrefill is answers as a page would send them, checked as typed ones are. What is missing beside them is not wrong.
func (a *API) readPrefill(b *requestBody) (form.Input, error) {
	if !b.hasField("prefill", false) {
		return form.Input{}, nil
	}
	prefill := b.members["prefill"]
	if prefill.Value[0] != '{' {
		b.addProblem("prefill", form.CodeWrongType, "Must be an object.")
		return form.Input{}, nil
	}
	members, err := prefill.Object(a.Form.Names()...)
	if err != nil {
		return nil, err
	}
	_, err = a.Form.In(i18n.Source).CheckJSON(eachMember(members), a.Now())
	wrong, refused := errors.AsType[form.Invalid](err)
	if err != nil && !refused {
		return nil, err
	}
	given := map[string]json.RawMessage{}
	for _, m := range members {
		given[m.Name] = m.Value
		if field, known := a.Form.Field(m.Name); known && field.Type.Upload() {
			b.addProblem(m.Name, form.CodeNotApplicable, "A file cannot be filled in beforehand.")
		} else if found, is := wrong[m.Name]; is && !b.hasProblem(m.Name) {
			b.addProblem(m.Name, found.Code, found.Message)
		}
	}
	if len(b.wrong) > 0 {
		return form.Input{}, nil
	}
	text, err := json.Marshal(given)
	return a.Form.InputFromAnswers(text), err
}

// readLocked is the names of prefilled fields that the person cannot change.
func (b *requestBody) readLocked(prefill form.Input) []string {
	if !b.hasField("locked", false) {
		return nil
	}
	var names []*string
	if value := b.members["locked"].Value; value[0] != '[' || json.Unmarshal(value, &names) != nil || slices.Contains(names, nil) {
		b.addProblem("locked", form.CodeWrongType, "Must be an array of strings.")
		return nil
	}
	locked := []string{}
	for _, name := range names {
		if !prefill.Has(*name) && len(b.wrong) == 0 {
			b.addProblem("locked", form.CodeNotAnOption, "Every locked field must be in prefill.")
		}
		locked = append(locked, *name)
	}
	return locked
}
