package chaos_test

import (
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/files"
	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testpicture"
	"docket/internal/testkit/testsite"
)

func TestStorage_NotConfigured(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	site := testsite.Start(t, testsite.Form(), 1, db)
	key := "Authorization: Bearer " + site.Key(t, "all", account.Scopes...)
	cmd := newCommand(t, db, "serve")
	cmd.Env = append(cmd.Env, "FILES_URL=")
	p := startCommand(t, cmd)
	if len(p.warned) != 1 || !strings.HasPrefix(p.warned[0], "FILES_URL is not set, ") {
		t.Errorf("warned %q, want once of FILES_URL", p.warned)
	}
	c := newCaller(p.url)
	photo := string(testpicture.JPEG(testpicture.Front(testpicture.Anna, 600), 85))
	for range 3 { // a refused file does not count toward the user's limit
		a, err := c.send("POST", "/api/v1/files?user_id=ann&field=document_front", photo, key, "Content-Type: image/jpeg")
		if err != nil || a.status != 503 || !strings.Contains(a.body, `"unavailable"`) || !strings.Contains(a.body, "Nothing was lost") {
			t.Fatalf("got %d, %v, want 503 unavailable:\n%s", a.status, err, a.body)
		}
	}
	a, err := c.send("POST", "/api/v1/tickets", `{"user_id":"ann","extra":`+personJSON+`}`, key, "Content-Type: application/json", "Idempotency-Key: k")
	if err != nil || a.status != 201 {
		t.Errorf("a ticket without files: %d, %v:\n%s", a.status, err, a.body)
	}
}

// TestUpload_InstanceKilled kills an instance while twenty clients upload photos and one upload is half sent.
func TestUpload_InstanceKilled(t *testing.T) {
	t.Parallel()
	db, dir := testdb.New(t), t.TempDir()
	site := testsite.Start(t, testsite.Form(), 1, db)
	email, _ := site.Account(t, "customer", account.Customer)
	key := "Authorization: Bearer " + site.Key(t, "all", account.Scopes...)
	begin := func() *process {
		cmd := newCommand(t, db, "serve")
		cmd.Env = append(cmd.Env, "FILES_URL=file://"+dir)
		return startCommand(t, cmd)
	}
	p := begin()
	u := uploader{t, newCaller(p.url), "Cookie: " + signIn(t, p.url, email)}
	kept := []string{u.mustUpload("document_front")}
	half, form := dial(t, p.url), multipartPhoto("selfie")
	defer half.Close()
	if _, err := fmt.Fprintf(half, "POST /files/selfie HTTP/1.1\r\nHost: docket\r\n%s\r\nContent-Type: multipart/form-data; boundary=BOUND\r\n"+
		"Content-Length: %d\r\n\r\n%s", u.cookie, len(form), form[:len(form)-100]); err != nil {
		t.Fatal(err)
	}
	acknowledged := make(chan string, 1000)
	var senders sync.WaitGroup
	for range 20 {
		senders.Go(func() { uploadUntilDown(p.url, key, acknowledged) })
	}
	for range 30 {
		kept = append(kept, <-acknowledged)
	}
	p.kill()
	senders.Wait()
	close(acknowledged)
	for id := range acknowledged {
		kept = append(kept, id)
	}
	u.caller = newCaller(begin().url)
	if page := u.get("/tickets/new"); !strings.Contains(page.body, kept[0]) || strings.Contains(page.body, `name="selfie" value="`) {
		t.Error("the draft lacks the photo that was kept, or has the one that was cut off")
	}
	checkFilesAfterCollect(t, site.Instances[0].Primary, dir, kept)
}

// uploadUntilDown uploads photos, each for another user, until the server is gone. It sends the ids of the acknowledged ones.
func uploadUntilDown(url, key string, acknowledged chan<- string) {
	photo, c := paddedPhoto(1<<20), newCaller(url)
	for {
		a, err := c.send("POST", "/api/v1/files?user_id="+uuid.NewString()+"&field=document_front", photo, key, "Content-Type: image/jpeg")
		if err != nil {
			return
		}
		if id, made := strings.CutPrefix(a.header.Get("Location"), "/api/v1/files/"); made {
			acknowledged <- id
		}
	}
}

// checkFilesAfterCollect collects unfinished uploads. Then it fails unless the acknowledged files are complete and the
// folder holds exactly the files that have a row.
func checkFilesAfterCollect(t *testing.T, primary *postgres.Pool, dir string, kept []string) {
	t.Helper()
	blobs, err := files.OpenBlobs("file://" + dir)
	if err != nil {
		t.Fatal(err)
	}
	storage := files.New(primary, blobs, slog.New(slog.DiscardHandler), files.Hooks{})
	var rows, cut int
	lying := map[string]bool{} // by name; previews have that of their file
	if err := primary.QueryRow(t.Context(), "WITH aged AS (UPDATE files SET created_at_ms = created_at_ms - 3600001, previewed_at_ms = previewed_at_ms - 3600001 RETURNING state) "+
		"SELECT count(*) FILTER (WHERE state = 'kept'), count(*) FILTER (WHERE state <> 'kept') FROM aged").Scan(&rows, &cut); err != nil {
		t.Fatal(err)
	}
	if err := storage.CollectUnused(t.Context(), files.DefaultAges); err != nil {
		t.Fatal(err)
	}
	for _, id := range kept {
		file, err := storage.Get(t.Context(), uuid.MustParse(id))
		if err != nil {
			t.Fatalf("a file that was acknowledged: %v", err)
		}
		body, err := storage.Open(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, body); err != nil || n != file.Size {
			t.Errorf("%d bytes of %d, %v", n, file.Size, err)
		}
		_ = body.Close() // it was only read
	}
	err = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			file, _, _ := strings.Cut(entry.Name(), "-")
			lying[file] = true
		}
		return err
	})
	t.Logf("%d were acknowledged, %d kept, %d cut off", len(kept), rows, cut)
	if err != nil || len(lying) != rows || rows < len(kept) {
		t.Errorf("%d files lie there, %d were kept and %d acknowledged; %v", len(lying), rows, len(kept), err)
	}
}
