package chaos_test

import (
	"regexp"
	"strings"
	"testing"

	"docket/internal/testkit/testpicture"
)

// paddedPhoto is a JPEG of at least so many bytes, padded by comments.
func paddedPhoto(minSize int) string {
	photo := string(testpicture.JPEG(testpicture.Front(testpicture.Anna, 600), 85))
	note := "\xff\xfe\xff\xff" + strings.Repeat("n", 0xfffd)
	return photo[:2] + strings.Repeat(note, minSize/len(note)+1) + photo[2:]
}

// uploader is a signed-in customer on the built-in form.
type uploader struct {
	t      *testing.T
	caller *caller
	cookie string
}

func (u uploader) get(path string) answer {
	u.t.Helper()
	a, err := u.caller.send("GET", path, "", u.cookie)
	if err != nil {
		u.t.Fatal(err)
	}
	return a
}

// upload sends a photo for a field, together with a typed name.
func (u uploader) upload(field string) answer {
	u.t.Helper()
	a, err := u.caller.send("POST", "/files/"+field, multipartPhoto(field), u.cookie, "HX-Request: true", "Content-Type: multipart/form-data; boundary=BOUND")
	if err != nil {
		u.t.Fatal(err)
	}
	return a
}

func multipartPhoto(field string) string {
	return "--BOUND\r\nContent-Disposition: form-data; name=\"submission_id\"\r\n\r\n0b9c1d7e-51f0-4b8f-9d43-3f5ad2b1c001\r\n" +
		"--BOUND\r\nContent-Disposition: form-data; name=\"full_name\"\r\n\r\nAnn\r\n" +
		"--BOUND\r\nContent-Disposition: form-data; name=\"" + field + "\"; filename=\"x.jpg\"\r\n\r\n" + paddedPhoto(1) + "\r\n--BOUND--\r\n"
}

// mustUpload uploads a photo and returns its id.
func (u uploader) mustUpload(field string) string {
	u.t.Helper()
	a := u.upload(field)
	found := regexp.MustCompile(`name="` + field + `" value="([0-9a-f-]{36})"`).FindStringSubmatch(a.body)
	if a.status != 200 || found == nil {
		u.t.Fatalf("%s: %d, want it kept:\n%.1000s", field, a.status, a.body)
	}
	return found[1]
}
