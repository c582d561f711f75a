package intake

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/ticket"
	"docket/web/problem"
	"docket/web/request"
)

const (
	maxUploadName   = 64
	uploadNameSigns = "0123456789abcdefghijklmnopqrstuvwxyz"
)

// MaxParts is how many parts a multipart body has at most.
const MaxParts = 1000

// FormInput is what a customer sent of the form. Its files are stored by now, and stand in Input by their ids.
type FormInput struct {
	form.Input
	request.Owner
	Baseline     Baseline                 // what the page showed before its user changed anything
	ReadAt       int64                    // when the page had read what it sends, in milliseconds since 1970; 0: it does not say
	SubmissionID string                   // names it, and its draft
	Step         string                   // the key of the step that was shown; empty: none, the form was on one page
	WholeForm    bool                     // all of it was shown, although a part of it would have been enough
	TellsSame    bool                     // its page shows a rejection, and has not said yet that what was refused is unchanged
	Previous     *ticket.Ticket           // the rejected ticket that it follows; nil: none
	Asked        map[string]bool          // the fields that were shown; nil: all
	Taken        map[string]bool          // the fields whose answers were read in photos, and taken just now
	StoredFiles  []files.File             // came with it
	Refused      map[string]files.Refusal // why the file of a field was refused
	FileErr      error                    // why a file could not be stored, through no fault of its own
}

// MaxUploadFormBytes is how long the form may be with all of its files.
func (in *Intake) MaxUploadFormBytes() int64 {
	count := 0
	for field := range in.Form.Inputs() {
		if field.Type.Upload() {
			count += max(field.Many, 1)
		}
	}
	return request.MaxFormBytes + int64(count)*(files.MaxBytes+1)
}

// Read reads the form in either of the two encodings that pages use, and stores its files as they come.
func (in *Intake) Read(r *http.Request) (FormInput, error) {
	owner, err := in.OwnerOf(r)
	if err != nil {
		return FormInput{}, err
	}
	sent := FormInput{Input: form.Input{}, Owner: owner, Refused: map[string]files.Refusal{}}
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	body := in.Files.NewMeter(sent.UserID, r.Body)
	defer body.Release() // what follows does not wait for the sender
	if err == nil && kind == "multipart/form-data" {
		if err := in.readParts(r, body, parameters["boundary"], &sent); err != nil {
			return sent, request.ReadError(err)
		}
	} else {
		r.Body = struct {
			io.Reader
			io.Closer
		}{body, r.Body}
		if err := request.LimitBody(nil, r, request.MaxFormBytes); err != nil { // without files there is no need for more
			return sent, err
		}
		if err := request.ParseForm(r); err != nil {
			return sent, err
		}
		sent.Input = form.Input(r.PostForm)
	}
	in.Form.Fold(sent.Input)
	in.nameFiles(&sent)
	if sent.SubmissionID, err = submissionID(sent.Input); err == nil && sent.Has("draft-base") {
		sent.Baseline, err = parseBaseline(sent.Text("draft-base"))
		sent.ReadAt, _ = strconv.ParseInt(sent.Text("draft-at"), 10, 64) // no script: 0
	}
	if sent.Visits() {
		sent.SubmissionID = sent.Owner.SubmissionID()
	}
	sent.Lock(sent.Input)
	sent.Step = in.knownStep(sent.Text(StepInput))
	sent.WholeForm = sent.Has("all")
	sent.TellsSame = (sent.WholeForm || sent.Has("mends")) && !sent.Has("send-same")
	return sent, err
}

// TryInput names the upload that a request is a try of, and how often that was tried before: "NAME NUMBER".
const TryInput = "file-try"

// controls are what a page sends beside the fields of the form, each once at most.
var controls = []string{form.AccountInput, "submission_id", "mends", "all", "over", "remove", "draft-base", "draft-at", "draft-keep", "draft-take", "send-same", "link-phone", TryInput, TakeRead, form.AddRow, form.RemoveRow, StepInput, StepGo, StepThen, InvalidInput}

// submissionID is the name of a submission; one that has none gets a new one. It returns problem.ErrPage when that is no uuid,
// or when it or anything else that the page adds is there twice.
func submissionID(sent form.Input) (string, error) {
	for _, name := range controls {
		if len(sent.Values(name)) > 1 {
			return "", problem.ErrPage
		}
	}
	if !sent.Has("submission_id") {
		return uuid.NewString(), nil
	}
	text := strings.ToLower(sent.Text("submission_id"))
	if id, err := uuid.Parse(text); err != nil || id.String() != text {
		return "", problem.ErrPage
	}
	return text, nil
}

// nameFiles names the files that came in the answers: in place of one that was stored before, or beside it where the field takes
// several. Else a second file is one answer too many.
func (in *Intake) nameFiles(sent *FormInput) {
	named := map[string]bool{}
	for _, file := range sent.StoredFiles {
		field, _ := in.Form.Field(file.Field)
		if named[file.Field] || len(sent.Values(file.Field)) > 1 || field.Type.Several() {
			sent.Add(file.Field, file.ID.String())
		} else {
			sent.Set(file.Field, file.ID.String())
		}
		named[file.Field] = true
	}
}

// CheckSingle returns problem.ErrPage when a field that takes one answer has several.
func (in *Intake) CheckSingle(sent FormInput) error {
	for field := range in.Form.Inputs() {
		if in.answeredTwice(sent, field.Name) {
			return problem.ErrPage
		}
	}
	return nil
}

func (in *Intake) answeredTwice(sent FormInput, name string) bool {
	field, _ := in.Form.Field(name)
	return len(sent.Values(name)) > 1 && !field.Type.Several()
}

// readParts reads a multipart body part by part: no more of it is in memory than its texts.
func (in *Intake) readParts(r *http.Request, body *files.Meter, boundary string, sent *FormInput) error {
	reader, left := multipart.NewReader(body, boundary), int64(request.MaxFormBytes)
	for range MaxParts {
		part, err := reader.NextPart()
		if err == io.EOF { // and not one that is wrapped, which says that the end is missing
			return nil
		}
		if err != nil {
			return err
		}
		name, fileName, isFile := nameOf(part)
		if isFile {
			body.Pause(true)
			err = in.readFile(r, part, name, fileName, sent)
			body.Pause(false)
		} else {
			var text []byte
			text, err = io.ReadAll(io.LimitReader(part, left+1))
			if left -= int64(len(text)); left < 0 {
				return &http.MaxBytesError{Limit: request.MaxFormBytes}
			}
			sent.Add(name, string(text))
		}
		if err != nil {
			return err
		}
	}
	return problem.ErrMalformed
}

// nameOf is the field that a part is for, and whether it is a file; one that was not chosen has an empty name.
func nameOf(part *multipart.Part) (field, fileName string, isFile bool) {
	_, parameters, _ := mime.ParseMediaType(part.Header.Get("Content-Disposition")) // FormName reads it, too
	fileName, isFile = parameters["filename"]
	return part.FormName(), fileName, isFile
}

// readFile stores the file of a part, or skips it when the form does not ask for it or was made for another account.
func (in *Intake) readFile(r *http.Request, part io.Reader, name, fileName string, sent *FormInput) error {
	field, known := in.UploadInput(name)
	if fileName != "" && known && request.CheckAccount(r, sent.Text(form.AccountInput), nil) == nil {
		if err := in.storeFile(r, part, field, sent); err != nil {
			return err
		}
	}
	_, err := io.Copy(io.Discard, part)
	return err
}

// UploadInput is the field for which a page sends a file under this name: in a group it is in one of its rows. False: there is none.
func (in *Intake) UploadInput(name string) (form.Field, bool) {
	field, known := in.Form.Field(name)
	return field, known && field.Type.Upload() && field.Cell.Slot != form.AnyRow
}

// storeFile stores a file. That it cannot be stored is no reason to lose the rest of the form.
func (in *Intake) storeFile(r *http.Request, part io.Reader, field form.Field, sent *FormInput) error {
	body := &request.UploadBody{Reader: part}
	file, err := in.Files.Add(r.Context(), files.Upload{
		UserID: sent.UserID, Field: field, By: sent.Uploader(), Body: body, Size: r.ContentLength,
	})
	refused, isRefused := errors.AsType[files.Refusal](err)
	switch {
	case body.Err != nil:
		return body.Err
	case isRefused:
		sent.Refused[field.Name] = refused
	case err != nil:
		sent.FileErr = err
	default:
		file.Field = field.Name // with its row
		sent.StoredFiles = append(sent.StoredFiles, file)
	}
	return nil
}

// AttachFiles puts the files that came into the user's draft, so that they are there whatever becomes of the rest. Of two for
// one field that takes one it takes none. Beside the new ones of several go those that the page shows.
func (in *Intake) AttachFiles(ctx context.Context, sent FormInput) error {
	var single []files.File
	several := map[string][]string{}
	for _, file := range sent.StoredFiles {
		if field, _ := in.Form.Field(file.Field); field.Type.Several() {
			several[file.Field] = append(several[file.Field], file.ID.String())
		} else if !in.answeredTwice(sent, file.Field) {
			single = append(single, file)
		}
	}
	for name, added := range several {
		if err := in.attachSeveral(ctx, sent, name, added); err != nil {
			return err
		}
	}
	return in.Files.AddToDraft(ctx, sent.Draft(), sent.SubmissionID, single...)
}

func (in *Intake) attachSeveral(ctx context.Context, sent FormInput, name string, added []string) error {
	ids := fileIDs(sent.Values(name))
	ids = ids[:min(len(ids), 2*form.MaxFiles)]
	try, named := parseTry(sent.Text(TryInput))
	if !named {
		return in.Files.AddSeveralToDraft(ctx, sent.Draft(), sent.SubmissionID, name, ids)
	}
	shown := slices.DeleteFunc(ids, func(id string) bool { return slices.Contains(added, id) })
	return in.Files.AddUploadToDraft(ctx, sent.Draft(), sent.SubmissionID, name, try, shown, added)
}

// parseTry reads which try of which upload a request is; false: it does not say.
func parseTry(text string) (files.Try, bool) {
	name, number, _ := strings.Cut(text, " ")
	n, err := strconv.ParseInt(number, 10, 32)
	return files.Try{Upload: name, Number: int32(n)}, err == nil && name != "" && len(name) <= maxUploadName && strings.Trim(name, uploadNameSigns) == ""
}

// fileIDs are those of some texts that can be ids of files.
func fileIDs(texts []string) (ids []string) {
	for _, text := range texts {
		if _, err := uuid.Parse(text); err == nil {
			ids = append(ids, text)
		}
	}
	return ids
}
