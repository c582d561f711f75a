package files_test

import (
	"bytes"
	"errors"
	"image/jpeg"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"docket/internal/files"
	"docket/internal/testkit/testpicture"
	"docket/internal/ticket"
)

// previewWidth is the width of a preview of a file.
func (d desk) previewWidth(t *testing.T, file files.File, size int) int {
	t.Helper()
	data, err := d.Preview(t.Context(), file, size)
	if err != nil {
		t.Fatal(err)
	}
	config, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return config.Width
}

// blobNames counts what is in the storage.
func (s *recordedBlobs) blobNames() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.put)
}

func TestPreview_MadeAtUpload(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	added := d.add(t, "ann", front, photoOf(1200))
	if n := d.blobNames(); n != 4 {
		t.Errorf("%d blobs are stored, want the file and three previews", n)
	}
	d.broken = errors.New("read-only file system") // none is made again
	file, err := d.Get(t.Context(), added.ID)
	if err != nil {
		t.Fatal(err)
	}
	for size, want := range map[int]int{480: 480, 1000: 1000, 1600: 1200} {
		if got := d.previewWidth(t, file, size); got != want {
			t.Errorf("the preview of %d is %d wide, want %d", size, got, want)
		}
	}
	small := photoOf(400)
	d.broken = nil
	if got := d.previewWidth(t, d.add(t, "ann", front, small), 1600); got != 400 {
		t.Errorf("the preview of a small picture is %d wide, want 400", got)
	}
	if _, err := d.Preview(t.Context(), d.add(t, "ann", deed, pdf), 480); !errors.Is(err, files.ErrNotFound) {
		t.Errorf("the preview of a document: %v, want ErrNotFound", err)
	}
}

func photoOf(width int) []byte {
	return testpicture.JPEG(testpicture.Front(testpicture.Anna, width), 85)
}

// withoutPreviews makes a file as the previous release stored it.
func (d desk) withoutPreviews(t *testing.T, file files.File) {
	t.Helper()
	blob := ""
	if err := d.pool.QueryRow(t.Context(), "UPDATE files SET previewed_at_ms = NULL WHERE id = $1 RETURNING blob", file.ID).Scan(&blob); err != nil {
		t.Fatal(err)
	}
	for _, size := range []string{"-480", "-1000", "-1600"} {
		if err := d.Delete(t.Context(), blob+size); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPreview_OfOldPicture(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	file := d.add(t, "ann", front, photoOf(2000))
	d.withoutPreviews(t, file)
	var g errgroup.Group // a page asks for several at once
	for range 6 {
		g.Go(func() error {
			_, err := d.Preview(t.Context(), file, 1000)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	if n := d.count(t, "SELECT count(*) FROM files WHERE previewed_at_ms IS NOT NULL"); n != 1 || d.blobNames() != 4 {
		t.Errorf("%d rows tell of previews and %d blobs are stored, want 1 and 4", n, d.blobNames())
	}
	d.withoutPreviews(t, file)
	d.broken = errors.New("read-only file system")
	if got := d.previewWidth(t, file, 480); got != 480 {
		t.Errorf("a preview that cannot be stored is %d wide, want 480", got)
	}
	d.broken = nil
	d.execute(t, "UPDATE files SET state = 'going'")
	if _, err := d.Preview(t.Context(), file, 480); !errors.Is(err, files.ErrNotFound) {
		t.Errorf("the preview of a deleted file: %v, want ErrNotFound", err)
	}
	if n := d.blobNames(); n != 1 {
		t.Errorf("%d blobs are stored, want the file alone", n)
	}
}

func TestPreview_StorageFails(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.cutPreviews = errors.New("no space left on device")
	if _, err := d.upload(t, "ann", front, photo()); !errors.Is(err, files.ErrStorage) {
		t.Errorf("got %v, want ErrStorage", err)
	}
	if n := d.count(t, "SELECT count(*) FROM files WHERE state = 'going'"); n != 1 {
		t.Errorf("%d files are marked to be deleted, want 1", n)
	}
}

func TestDeleteMarked_YoungPreviewsStayMarked(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	file := d.add(t, "ann", front, photo())
	if _, err := d.submit(t, "ann", false, ticket.Files{"front": {file.ID}}); err != nil {
		t.Fatal(err)
	}
	d.execute(t, "UPDATE tickets SET status = 'withdrawn', version = version + 1")
	d.execute(t, "UPDATE files SET state = 'going', ticket_id = NULL, created_at_ms = created_at_ms - 7200000")
	for _, c := range []struct {
		age  string
		want int
	}{{"0", 0}, {"7200000", 1}} {
		d.execute(t, "UPDATE files SET previewed_at_ms = previewed_at_ms - "+c.age)
		if err := d.DeleteMarked(t.Context(), "", time.Hour); err != nil {
			t.Fatal(err)
		}
		if n := d.count(t, "SELECT count(*) FROM files WHERE state = 'gone'"); n != c.want || d.blobNames() != 0 {
			t.Errorf("previews of age %s: %d files are gone, want %d; %d blobs are left", c.age, n, c.want, d.blobNames())
		}
	}
}

// The previous release knows no previews, and must not lose sight of them.
func TestPreviews_PreviousReleaseDeletes(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.add(t, "ann", front, photo())
	d.execute(t, "UPDATE files SET state = 'going'")
	for _, statement := range []string{"DELETE FROM files", "UPDATE files SET state = 'gone', sha256 = '', phash = NULL, signals = '{}'"} {
		if _, err := d.pool.Exec(t.Context(), statement); err == nil {
			t.Errorf("%s: it is forgotten that there are previews", statement)
		}
	}
}
