package pgdev

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// install makes a folder with programs that say they are this version.
func install(t *testing.T, version string) (bin string) {
	t.Helper()
	bin = filepath.Join(t.TempDir(), "bin")
	if err := os.Mkdir(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, program := range []string{"postgres", "initdb"} {
		script := "#!/bin/sh\necho 'postgres (PostgreSQL) " + version + "'\n"
		if err := os.WriteFile(filepath.Join(bin, program), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return bin
}

func TestFindServer_Newest(t *testing.T) {
	t.Parallel()
	bins := []string{install(t, "9.6.24"), install(t, "17.9 (Debian)"), install(t, "17.10"), install(t, "16.4"), t.TempDir()}
	s, err := newestServer(t.Context(), bins, t.TempDir())
	if err != nil || s.bin != bins[2] {
		t.Errorf("got %+v (%v), want 17.10", s, err)
	}
}

func TestFindServer_DataOfOlderVersion(t *testing.T) {
	t.Parallel()
	dir, old := t.TempDir(), install(t, "15.1")
	if err := os.MkdirAll(filepath.Join(dir, "15", primaryName), 0o700); err != nil {
		t.Fatal(err)
	}
	s, err := newestServer(t.Context(), []string{old, install(t, "18.4")}, dir)
	if err != nil || s.bin != old {
		t.Errorf("got %+v (%v), want 15.1", s, err)
	}
}

func TestFindServer_DataOfMissingVersion(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "18", primaryName), 0o700); err != nil {
		t.Fatal(err)
	}
	s, err := newestServer(t.Context(), []string{install(t, "15.1"), install(t, "17.10")}, dir)
	if err == nil || !strings.Contains(err.Error(), "the data of PostgreSQL 18") || !strings.Contains(err.Error(), "the newest that was found is PostgreSQL 17") {
		t.Errorf("got %+v (%v), want an error that says what is missing", s, err)
	}
}

func TestFindServer_TooOld(t *testing.T) {
	t.Parallel()
	bin := install(t, "14.9")
	if _, err := newestServer(t.Context(), []string{bin}, t.TempDir()); err == nil || !strings.Contains(err.Error(), "npm ci") {
		t.Errorf("got %v, want what to install in it", err)
	}
	if _, err := findServer(t.Context(), bin, t.TempDir()); err == nil || !strings.Contains(err.Error(), "PG_BIN") {
		t.Errorf("got %v, want PG_BIN in it", err)
	}
}

func TestFindServer_PGBIN(t *testing.T) {
	t.Parallel()
	if s, err := findServer(t.Context(), t.TempDir(), t.TempDir()); err == nil {
		t.Errorf("got %+v, want an error: there is no server in PG_BIN", s)
	}
}

func TestFindServer_NPMLinks(t *testing.T) {
	t.Parallel()
	bin := install(t, "18.4")
	native := filepath.Dir(bin)
	list := `[{"source": "NATIVE/lib/libpq.so.5.18", "target": "NATIVE/lib/libpq.so.5"}]`
	list = strings.ReplaceAll(list, "NATIVE", filepath.Base(native))
	if err := os.Mkdir(filepath.Join(native, "lib"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"pg-symlinks.json": list, "lib/libpq.so.5.18": "library"} {
		if err := os.WriteFile(filepath.Join(native, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if _, err := inspectServer(t.Context(), bin); err != nil {
			t.Fatal(err)
		}
	}
	if text, err := os.ReadFile(filepath.Join(native, "lib", "libpq.so.5")); err != nil || string(text) != "library" {
		t.Errorf("behind the link is %q (%v), want the library", text, err)
	}
}
