package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"docket/internal/testkit/testpicture"
)

// takeLinks takes the pages of a submission link: in the first browser, and in another one that shows its code.
func takeLinks(t *tour) error {
	first := t.newVisitor("en-GB")
	second := t.newVisitor("en-GB")
	path, err := t.site.addLink(`{"user_id":"shop-1","prefill":{"full_name":"Anna Maria Eriksson"},"locked":["full_name"]}`)
	if err != nil {
		return err
	}
	first.openAndTake(path, "link-start")
	first.send("/begin")
	first.see(".ticket-form")
	first.take("link-form")
	second.openAndTake(path, "link-code")
	second.fill("code", "1")
	second.send("/code")
	second.see("[data-invalid]")
	second.take("link-code-wrong")
	first.open(path + "/phone")
	first.take("link-phone")
	code := first.linkCode()
	second.openAndTake(path+"?code="+code, "link-scanned")
	second.send("/code")
	second.open(path + "/form?step=2")
	second.attach("document_front", testpicture.JPEG(testpicture.Front(testpicture.Anna, 1200), 85))
	second.take("link-second")
	first.openAndTake("/s/nothing", "link-unknown")
	return errors.Join(first.err, second.err)
}

// linkCode is the code that the page shows.
func (v *visitor) linkCode() (code string) {
	v.do("read the code", func() error {
		text, err := v.find("p > .secret").InnerText()
		code = strings.ReplaceAll(text, " ", "")
		return err
	})
	return code
}

// addLink makes a submission link and returns its path.
func (s *site) addLink(body string) (string, error) {
	r, err := http.NewRequest(http.MethodPost, s.env["BASE_URL"]+"/api/v1/submission-links", bytes.NewReader([]byte(body)))
	if err != nil {
		return "", err
	}
	r.Header.Set("Authorization", "Bearer "+s.env["API_KEY"])
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	var made struct{ URL string }
	if err := json.NewDecoder(answer.Body).Decode(&made); err != nil {
		return "", err
	}
	path := strings.TrimPrefix(made.URL, s.env["BASE_URL"])
	if !strings.HasPrefix(path, "/s/") {
		return "", fmt.Errorf("a submission link is answered with %s", answer.Status)
	}
	return path, nil
}
