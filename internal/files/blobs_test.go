package files_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"docket/internal/files"
)

// storages is every kind of storage, empty. None of them may run beside another: see startS3.
func storages(t *testing.T) map[string]files.Blobs {
	t.Helper()
	return map[string]files.Blobs{
		"folder": openBlobs(t, "file://"+t.TempDir()+"/deep/files"),
		"S3":     openBucket(t, startS3(t)),
	}
}

func openBlobs(t *testing.T, address string) files.Blobs {
	t.Helper()
	blobs, err := files.OpenBlobs(address)
	if err != nil {
		t.Fatal(err)
	}
	return blobs
}

func read(t *testing.T, blobs files.Blobs, name string) []byte {
	t.Helper()
	data, err := readAll(t.Context(), blobs, name)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return data
}

func TestBlobs_PutOpenDelete(t *testing.T) {
	for kind, blobs := range storages(t) {
		t.Run(kind, func(t *testing.T) {
			want := bytes.Repeat([]byte("Nguyễn "), 1<<17)
			if err := blobs.Put(t.Context(), "abcdef", want); err != nil {
				t.Fatalf("put: %v", err)
			}
			if got := read(t, blobs, "abcdef"); !bytes.Equal(got, want) {
				t.Errorf("got %d bytes, want the %d that were put", len(got), len(want))
			}
			for range 2 {
				if err := blobs.Delete(t.Context(), "abcdef"); err != nil {
					t.Errorf("delete: %v", err)
				}
			}
			if _, err := blobs.Open(t.Context(), "abcdef"); !errors.Is(err, files.ErrBytesMissing) {
				t.Errorf("open what was deleted: %v, want ErrBytesMissing", err)
			}
		})
	}
}

func TestFolder_NamesStayInside(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	blobs := openBlobs(t, "file://"+dir+"/files")
	for _, name := range []string{"../secret", "../../secret", "x/../../../secret", "..", secret, "x\x00y", ""} {
		if body, err := blobs.Open(t.Context(), name); err == nil {
			body.Close()
			t.Errorf("open %q: no error", name)
		}
		_ = blobs.Put(t.Context(), name, []byte("changed")) // whatever it says, the secret stays
		_ = blobs.Delete(t.Context(), name)
	}
	if got, err := os.ReadFile(secret); string(got) != "secret" {
		t.Errorf("the secret is %q, %v", got, err)
	}
}

func TestFolder_IncompleteBlobIsNotThere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	blobs := openBlobs(t, "file://"+dir)
	if err := os.MkdirAll(filepath.Join(dir, "ab", "abcdef.part"), 0o700); err != nil { // something is in the way
		t.Fatal(err)
	}
	if err := blobs.Put(t.Context(), "abcdef", []byte("x")); err == nil {
		t.Error("put: no error")
	}
	if _, err := blobs.Open(t.Context(), "abcdef"); !errors.Is(err, files.ErrBytesMissing) {
		t.Errorf("open: %v, want ErrBytesMissing", err)
	}
}

func TestOpenBlobs_BadAddress(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "files", "file://files", "file:files", "http://host/x", "s3:///x", "s3://bucket?endpoint=host", "s3://b?endpoint=https://h/p", "%"} {
		if _, err := files.OpenBlobs(address); err == nil {
			t.Errorf("%q: no error", address)
		} else if strings.Contains(err.Error(), "panic") {
			t.Errorf("%q: %v", address, err)
		}
	}
}
