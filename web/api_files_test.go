package web_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
)

func TestUpload_ByKey(t *testing.T) {
	t.Parallel()
	s := photos(t)
	key := s.Key(t, "sender", account.TicketsWrite, account.TicketsRead)
	b := visitor(t, s.URL)
	call := func(method, path, kind string, body []byte) reply {
		return b.send(method, path, bytes.NewReader(body), "Authorization", "Bearer "+key, "Content-Type", kind, "Idempotency-Key", uuid.NewString())
	}
	submit := func(user, front string) reply {
		return call(http.MethodPost, "/api/v1/tickets", "application/json", []byte(`{"user_id":"`+user+`","extra":{"full_name":"Ann","front":"`+front+`"}}`))
	}
	made := call(http.MethodPost, "/api/v1/files?user_id=ann&field=front", "image/jpeg", photo()).want(t, 201)
	var file struct{ ID, Field string }
	if err := json.Unmarshal([]byte(made.body), &file); err != nil || file.Field != "front" || made.location() != "/api/v1/files/"+file.ID {
		t.Fatalf("got %s at %s, %v", made.body, made.location(), err)
	}
	call(http.MethodGet, made.location(), "", nil).want(t, 404) // no ticket names it yet
	submit("bob", file.ID).want(t, 422, `"not_a_file"`)
	submit("ann", uuid.NewString()).want(t, 422, `"not_a_file"`)
	submit("ann", file.ID).want(t, 201, file.ID)
	submit("ann", file.ID).want(t, 422, `"not_a_file"`)
	if got := call(http.MethodGet, made.location(), "", nil).want(t, 200); !strings.HasPrefix(got.body, "\xff\xd8") || got.header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("got %d bytes of %s", len(got.body), got.header.Get("Content-Type"))
	}
	if n := count(t, s, "SELECT count(*) FROM audit WHERE action = 'file_seen' AND actor = 'key:sender'"); n != 1 {
		t.Errorf("%d views are written down, want the key's", n)
	}
	for path, want := range map[string]int{
		"/api/v1/files": 422, "/api/v1/files?user_id=ann&field=full_name": 422, "/api/v1/files?user_id=ann&field=front&x=1": 422,
	} {
		call(http.MethodPost, path, "image/jpeg", photo()).want(t, want)
	}
	call(http.MethodPost, "/api/v1/files?user_id=ann&field=front", "text/html", photo()).want(t, 415)
	for _, kind := range []string{"image/jpg", "image/pjpeg", "application/octet-stream", "IMAGE/JPEG; x=y"} { // the bytes decide
		call(http.MethodPost, "/api/v1/files?user_id=ann&field=front", kind, photo()).want(t, 201)
	}
	call(http.MethodPost, "/api/v1/files?user_id=ann&field=front", "image/jpg", []byte(strings.Repeat("<html>", 50))).want(t, 422, `"not_a_picture"`)
	call(http.MethodPost, "/api/v1/files?user_id=ann&field=front", "image/jpeg", photo()[:5000]).want(t, 422, `"broken_file"`)
	call(http.MethodPost, "/api/v1/files?user_id=ann&field=front", "image/jpeg", make([]byte, 11<<20)).want(t, 413, `"too_large"`, "10240 KiB")
	b.send(http.MethodPost, "/api/v1/files?user_id=ann&field=front", bytes.NewReader(photo()), "Content-Type", "image/jpeg").want(t, 401)
}
