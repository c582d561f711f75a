package chaos_test

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"docket/internal/account"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// TestTwoHundredUploadsAtOnceTakeBoundedMemory sends 700 MB at once. What there is no room for is told so and comes again.
func TestTwoHundredUploadsAtOnceTakeBoundedMemory(t *testing.T) {
	t.Parallel()
	const most = 350 // MiB
	db := testdb.New(t)
	site := testsite.Start(t, testsite.Form(), 1, db)
	key := "Authorization: Bearer " + site.Key(t, "all", account.Scopes...)
	p := serve(t, db)
	photo := padded(3500 << 10)
	before := p.peak()
	var all sync.WaitGroup
	var mu sync.Mutex // guards told
	told := map[int]int{}
	for n := range 200 {
		all.Go(func() {
			c := newCaller(p.url)
			for status := 0; status != 201 && !t.Failed(); {
				a, err := c.ask("POST", fmt.Sprintf("/api/v1/files?user_id=u-%d&field=document_front", n), photo, key, "Content-Type: image/jpeg")
				if status = a.status; err == nil && status != 201 && (status != 503 || a.header.Get("Retry-After") == "") {
					t.Errorf("%d:\n%.500s", status, a.body)
				}
				mu.Lock()
				told[status]++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	t.Logf("%d MiB before, %d MiB at most; answers: %v", before, p.peak(), told)
	if p.peak() > most {
		t.Errorf("docket took %d MiB, at most %d may be", p.peak(), most)
	}
}

// peak is the most memory that a process has had so far, in MiB.
func (p *process) peak() int {
	p.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(text)
	if err != nil || found == nil {
		p.t.Fatalf("no VmHWM, %v", err)
	}
	kib, err := strconv.Atoi(string(found[1]))
	if err != nil {
		p.t.Fatal(err)
	}
	return kib >> 10
}

func TestAFullOrReadOnlyStorageLosesNothing(t *testing.T) {
	t.Parallel()
	disk := t.TempDir()
	if err := syscall.Mount("docket-test", disk, "tmpfs", 0, "size=2m"); err != nil {
		t.Skipf("no disk can be made here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	})
	db := testdb.New(t)
	site := testsite.Start(t, testsite.Form(), 1, db)
	email, _ := site.Account(t, "customer", account.Customer)
	cmd := command(t, db, "serve")
	cmd.Env = append(cmd.Env, "FILES_URL=file://"+disk)
	p := run(t, cmd)
	u := uploader{t, newCaller(p.url), "Cookie: " + signIn(t, p.url, email)}
	first := u.keeps("document_front")
	for what, breaks := range map[string]func() (mend func()){
		"full": func() func() { return fill(t, disk) },
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
		a := u.sends("selfie")
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
		u.keeps("selfie")
	}
}
