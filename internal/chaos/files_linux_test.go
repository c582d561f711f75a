package chaos_test

import (
	"fmt"
	"strings"
	"sync"
	"syscall"
	"testing"

	"docket/internal/account"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// TestUpload_TwoHundredAtOnce sends 700 MB at once. What would take too much disk or time is refused with 503 and sent again.
func TestUpload_TwoHundredAtOnce(t *testing.T) {
	t.Parallel()
	const maxMemory = 256 // MiB
	db := testdb.New(t)
	site := testsite.Start(t, testsite.Form(), 1, db)
	key := "Authorization: Bearer " + site.Key(t, "all", account.Scopes...)
	p := startServer(t, db)
	photo := paddedPhoto(3500 << 10)
	before := p.memory("VmHWM")
	var all sync.WaitGroup
	var mu sync.Mutex       // guards counts
	counts := map[int]int{} // by status
	for n := range 200 {
		all.Go(func() {
			c := newCaller(p.url)
			for status := 0; status != 201 && !t.Failed(); {
				a, err := c.send("POST", fmt.Sprintf("/api/v1/files?user_id=u-%d&field=document_front", n), photo, key, "Content-Type: image/jpeg")
				if status = a.status; err == nil && status != 201 && (status != 503 || a.header.Get("Retry-After") == "") {
					t.Errorf("%d:\n%.500s", status, a.body)
				}
				mu.Lock()
				counts[status]++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	t.Logf("%d MiB before, %d MiB at most; answers: %v", before, p.memory("VmHWM"), counts)
	if p.memory("VmHWM") > maxMemory {
		t.Errorf("docket took %d MiB, at most %d may be", p.memory("VmHWM"), maxMemory)
	}
}

func TestStorage_FullOrReadOnly(t *testing.T) {
	t.Parallel()
	disk := t.TempDir()
	if err := syscall.Mount("docket-test", disk, "tmpfs", 0, "size=2m"); err != nil {
		t.Skipf("cannot mount a disk: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	})
	db := testdb.New(t)
	site := testsite.Start(t, testsite.Form(), 1, db)
	email, _ := site.Account(t, "customer", account.Customer)
	cmd := newCommand(t, db, "serve")
	cmd.Env = append(cmd.Env, "FILES_URL=file://"+disk)
	p := startCommand(t, cmd)
	u := uploader{t, newCaller(p.url), "Cookie: " + signIn(t, p.url, email)}
	first := u.mustUpload("document_front")
	for what, breaks := range map[string]func() (mend func()){
		"full": func() func() { return fillDisk(t, disk) },
		"read-only": func() func() {
			remount := func(flags uintptr) {
				if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT|flags, ""); err != nil {
					t.Fatal(err)
				}
			}
			remount(syscall.MS_RDONLY)
			return func() { remount(0) }
		},
	} {
		mend := breaks()
		a := u.upload("selfie")
		if a.status != 503 || !strings.Contains(a.body, "Nothing was lost") || a.header.Get("Retry-After") == "" {
			t.Errorf("%s: %d, want 503 in plain words:\n%.1000s", what, a.status, a.body)
		}
		if page := u.get("/tickets/new"); !strings.Contains(page.body, first) || !strings.Contains(page.body, `value="Ann"`) {
			t.Errorf("%s: the draft lacks the first photo or the name", what)
		}
		if file := u.get("/files/" + first); file.status != 200 || !strings.HasPrefix(file.body, "\xff\xd8") {
			t.Errorf("%s: the first photo is answered with %d", what, file.status)
		}
		mend()
		u.mustUpload("selfie")
	}
}
