package chaos_test

import (
	"regexp"
	"strings"
	"testing"

	"docket/internal/testkit/testpicture"
)

// padded is a photo of at least so many bytes, most of which are a camera's notes.
func padded(least int) string {
	photo := string(testpicture.JPEG(testpicture.Front(testpicture.Anna, 600), 85))
	note := "\xff\xfe\xff\xff" + strings.Repeat("n", 0xfffd)
	return photo[:2] + strings.Repeat(note, least/len(note)+1) + photo[2:]
}

// uploader is a customer's browser on the built-in form.
type uploader struct {
	t      *testing.T
	caller *caller
	cookie string
}

func (u uploader) get(path string) answer {
	u.t.Helper()
	a, err := u.caller.ask("GET", path, "", u.cookie)
	if err != nil {
		u.t.Fatal(err)
	}
	return a
}

// sends chooses a photo for a field, with a name typed beside it.
func (u uploader) sends(field string) answer {
	u.t.Helper()
	a, err := u.caller.ask("POST", "/files/"+field, photoForm(field), u.cookie, "HX-Request: true", "Content-Type: multipart/form-data; boundary=BOUND")
	if err != nil {
		u.t.Fatal(err)
	}
	return a
}

func photoForm(field string) string {
	return "--BOUND\r\nContent-Disposition: form-data; name=\"submission_id\"\r\n\r\n0b9c1d7e-51f0-4b8f-9d43-3f5ad2b1c001\r\n" +
		"--BOUND\r\nContent-Disposition: form-data; name=\"full_name\"\r\n\r\nAnn\r\n" +
		"--BOUND\r\nContent-Disposition: form-data; name=\"" + field + "\"; filename=\"x.jpg\"\r\n\r\n" + padded(1) + "\r\n--BOUND--\r\n"
}

// keeps fails unless the photo is kept; it returns its id.
func (u uploader) keeps(field string) string {
	u.t.Helper()
	a := u.sends(field)
	found := regexp.MustCompile(`name="` + field + `" value="([0-9a-f-]{36})"`).FindStringSubmatch(a.body)
	if a.status != 200 || found == nil {
		u.t.Fatalf("%s: %d, want it kept:\n%.1000s", field, a.status, a.body)
	}
	return found[1]
}
