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
	"github.com/jackc/pgx/v5/pgxpool"

	"docket/internal/account"
	"docket/internal/files"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testpicture"
	"docket/internal/testkit/testsite"
)

func TestWithoutAPlaceForFilesDocketServesAndSaysSo(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	site := testsite.Start(t, testsite.Form(), 1, db)
	key := "Authorization: Bearer " + site.Key(t, "all", account.Scopes...)
	cmd := command(t, db, "serve")
	cmd.Env = append(cmd.Env, "FILES_URL=")
	p := run(t, cmd)
	if len(p.warned) != 1 || !strings.HasPrefix(p.warned[0], "FILES_URL is not set: ") {
		t.Errorf("warned %q, want once of FILES_URL", p.warned)
	}
	c := newCaller(p.url)
	photo := string(testpicture.JPEG(testpicture.Front(testpicture.Anna, 600), 85))
	for range 3 { // and it does not count as one of the user's files
		a, err := c.ask("POST", "/api/v1/files?user_id=ann&field=document_front", photo, key, "Content-Type: image/jpeg")
		if err != nil || a.status != 503 || !strings.Contains(a.body, `"unavailable"`) || !strings.Contains(a.body, "Nothing was lost") {
			t.Fatalf("got %d, %v, want 503 unavailable:\n%s", a.status, err, a.body)
		}
	}
	a, err := c.ask("POST", "/api/v1/tickets", `{"user_id":"ann","extra":`+person+`}`, key, "Content-Type: application/json", "Idempotency-Key: k")
	if err != nil || a.status != 201 {
		t.Errorf("a ticket without files: %d, %v:\n%s", a.status, err, a.body)
	}
}

// TestAServerKilledDuringUploadsShowsNothingHalfKept kills one while twenty send photos without pause, and one is halfway.
func TestAServerKilledDuringUploadsShowsNothingHalfKept(t *testing.T) {
	t.Parallel()
	db, dir := testdb.New(t), t.TempDir()
	site := testsite.Start(t, testsite.Form(), 1, db)
	email, _ := site.Account(t, "customer", account.Customer)
	key := "Authorization: Bearer " + site.Key(t, "all", account.Scopes...)
	begin := func() *process {
		cmd := command(t, db, "serve")
		cmd.Env = append(cmd.Env, "FILES_URL=file://"+dir)
		return run(t, cmd)
	}
	p := begin()
	u := uploader{t, newCaller(p.url), "Cookie: " + signIn(t, p.url, email)}
	kept := []string{u.keeps("document_front")}
	half, form := dial(t, p.url), photoForm("selfie")
	defer half.Close()
	if _, err := fmt.Fprintf(half, "POST /files/selfie HTTP/1.1\r\nHost: docket\r\n%s\r\nContent-Type: multipart/form-data; boundary=BOUND\r\n"+
		"Content-Length: %d\r\n\r\n%s", u.cookie, len(form), form[:len(form)-100]); err != nil {
		t.Fatal(err)
	}
	acknowledged := make(chan string, 1000)
	var senders sync.WaitGroup
	for range 20 {
		senders.Go(func() { sendOn(p.url, key, acknowledged) })
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
	wholeAfterASweep(t, site.Instances[0].Primary, dir, kept)
}

// sendOn sends photos, each for another user, until nobody listens, and tells the ids of those that are acknowledged.
func sendOn(url, key string, acknowledged chan<- string) {
	photo, c := padded(1<<20), newCaller(url)
	for {
		a, err := c.ask("POST", "/api/v1/files?user_id="+uuid.NewString()+"&field=document_front", photo, key, "Content-Type: image/jpeg")
		if err != nil {
			return
		}
		if id, made := strings.CutPrefix(a.header.Get("Location"), "/api/v1/files/"); made {
			acknowledged <- id
		}
	}
}

// wholeAfterASweep fails unless all of these files are whole, and nothing lies in the folder that no row tells of, once
// what was cut off is collected.
func wholeAfterASweep(t *testing.T, primary *pgxpool.Pool, dir string, kept []string) {
	t.Helper()
	blobs, err := files.OpenBlobs("file://" + dir)
	if err != nil {
		t.Fatal(err)
	}
	storage := files.New(primary, blobs, slog.New(slog.DiscardHandler), files.Told{})
	var rows, cut, lying int
	if err := primary.QueryRow(t.Context(), "WITH aged AS (UPDATE files SET created_at_ms = created_at_ms - 3600001 RETURNING state) "+
		"SELECT count(*) FILTER (WHERE state = 'kept'), count(*) FILTER (WHERE state <> 'kept') FROM aged").Scan(&rows, &cut); err != nil {
		t.Fatal(err)
	}
	if err := storage.Collect(t.Context()); err != nil {
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
			lying++
		}
		return err
	})
	t.Logf("%d were acknowledged, %d kept, %d cut off", len(kept), rows, cut)
	if err != nil || lying != rows || rows < len(kept) {
		t.Errorf("%d files lie there, %d were kept and %d acknowledged; %v", lying, rows, len(kept), err)
	}
}
