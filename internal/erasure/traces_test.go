package erasure_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"docket/db/migrations"
	"docket/internal/account"
	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/pgdev"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
)

// startPrivately starts two instances on servers of this test alone, whose data lie in dir.
func startPrivately(t *testing.T) (s *testsite.Site, dir string) {
	t.Helper()
	cluster, dir, err := testdb.Start(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(cluster.Stop(), pgdev.Remove(dir)); err != nil {
			t.Error(err)
		}
	})
	primary := cluster.Primary(pgdev.Database)
	if err := migrations.Up(t.Context(), primary); err != nil {
		t.Fatal(err)
	}
	return testsite.Start(t, testsite.Form(), 2, testdb.DB{Primary: primary, Replica: cluster.Replica(pgdev.Database)}), dir
}

// findTraces names the files below a folder that have one of the traces. The write-ahead log is left out.
func findTraces(t *testing.T, dir string, traces map[string][]byte) (found map[string][]string) {
	t.Helper()
	found = map[string][]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case entry.Name() == "pg_wal":
			return filepath.SkipDir
		case !entry.Type().IsRegular():
			return nil
		}
		content, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		for name, trace := range traces {
			if bytes.Contains(content, trace) {
				found[name] = append(found[name], path)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// flush makes a server write what it has, and let go of what it does not need any more.
func flush(t *testing.T, s *testsite.Site, statements ...string) {
	t.Helper()
	primary, err := pgx.Connect(t.Context(), s.DB.Primary)
	if err != nil {
		t.Fatal(err)
	}
	defer primary.Close(t.Context())
	replica, err := pgx.Connect(t.Context(), s.DB.Replica)
	if err != nil {
		t.Fatal(err)
	}
	defer replica.Close(t.Context())
	for _, statement := range append(statements, "CHECKPOINT") {
		if _, err := primary.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	var written string
	if err := primary.QueryRow(t.Context(), "SELECT pg_current_wal_flush_lsn()::text").Scan(&written); err != nil {
		t.Fatal(err)
	}
	for replayed := false; !replayed; {
		if err := replica.QueryRow(t.Context(), "SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn", written).Scan(&replayed); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := replica.Exec(t.Context(), "CHECKPOINT"); err != nil {
		t.Fatal(err)
	}
}

// waitForHorizon returns when no transaction, and no replica, can still see what was there before now.
func waitForHorizon(t *testing.T, s *testsite.Site) {
	t.Helper()
	var now int64
	p := s.Instances[0].Primary
	if err := p.QueryRow(t.Context(), "SELECT pg_current_xact_id()::text::bigint").Scan(&now); err != nil {
		t.Fatal(err)
	}
	for passed := false; !passed; time.Sleep(5 * time.Millisecond) { // until the next look
		err := p.QueryRow(t.Context(), `SELECT NOT EXISTS (SELECT FROM pg_stat_replication WHERE backend_xmin::text::bigint < $1)
			AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE backend_xmin::text::bigint < $1)`, now).Scan(&passed)
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestEraseUser_NoTraces looks for what was erased in every file of both servers, in the file storage and in the log.
func TestEraseUser_NoTraces(t *testing.T) {
	t.Parallel()
	s, dir := startPrivately(t)
	i := s.Instances[0]
	storage := filepath.Dir(t.TempDir()) // of the site, too
	_, user := s.Account(t, "marked-address", account.Customer)
	key := s.Key(t, "reader", account.LatestRead)
	file := upload(t, s, user)
	rejected := submit(t, s, user, "MARKED-NAME", file)
	decide(t, s, rejected, ticket.Reject("agent:a", "blurry", "MARKED-COMMENT", "MARKED-NOTE"))
	second := upload(t, s, user)
	decide(t, s, submit(t, s, user, "MARKED-NAME number 9301-MARKED", second), ticket.Approve("agent:a", "MARKED-NOTE"))
	if _, err := i.Files.SaveDraft(t.Context(), user, files.Draft{SubmissionID: "d", Answers: form.Input{"full_name": {"MARKED-DRAFT"}}}); err != nil {
		t.Fatal(err)
	}
	body, err := i.Files.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	photo, err := io.ReadAll(body)
	if err := errors.Join(err, body.Close()); err != nil {
		t.Fatal(err)
	}
	likeness := binary.LittleEndian.AppendUint64(nil, file.Signals.Hash)
	hash := file.Signals.SHA256
	traces := map[string][]byte{
		"name": []byte("MARKED-NAME"), "number": []byte("9301-MARKED"), "comment": []byte("MARKED-COMMENT"), "note": []byte("MARKED-NOTE"),
		"draft": []byte("MARKED-DRAFT"), "address": []byte("marked-address"),
		"photo": photo[len(photo)/2 : len(photo)/2+64], "hash of the photo": hash[:], "its likeness": likeness,
	}
	flush(t, s, "ANALYZE")
	before := findTraces(t, dir, traces)
	for name := range traces {
		if name != "photo" && len(before[name]) < 2 {
			t.Fatalf("before the erasure the %s is only in %v", name, before[name])
		}
	}
	if len(findTraces(t, storage, traces)["photo"]) != 2 {
		t.Fatal("the photo is not in the storage")
	}
	for _, url := range s.URLs {
		if status, answer := lookUp(t, url, user, key); status != http.StatusOK || !strings.Contains(answer, "MARKED-NAME") {
			t.Fatalf("before the erasure: %d %s", status, answer)
		}
	}

	erase(t, s, user)
	flush(t, s, "ANALYZE") // the samples of before are dead rows, too
	waitForHorizon(t, s)
	flush(t, s, "VACUUM FULL")
	for name, paths := range findTraces(t, dir, traces) {
		t.Errorf("the %s is still in %s", name, strings.Join(paths, ", "))
	}
	for name, paths := range findTraces(t, storage, traces) {
		t.Errorf("the %s is still in %s", name, strings.Join(paths, ", "))
	}
	for at, url := range s.URLs {
		status, answer := lookUp(t, url, user, key)
		for ; at > 0 && status == http.StatusOK && t.Context().Err() == nil; status, answer = lookUp(t, url, user, key) {
			time.Sleep(5 * time.Millisecond) // until the notification has arrived
		}
		if status != http.StatusNotFound || strings.Contains(answer, "MARKED") {
			t.Errorf("the look-up of instance %d: %d %s", at, status, answer)
		}
	}
	traces["hash of the photo"] = []byte(hex.EncodeToString(hash[:]))
	for name, trace := range traces {
		if strings.Contains(s.Log.String(), string(trace)) {
			t.Errorf("the %s is in the log", name)
		}
	}
	checkWhole(t, i.Primary)
}

// lookUp asks an instance for the latest approval of a user.
func lookUp(t *testing.T, url, user, key string) (status int, answer string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("%s/api/v1/users/%s/latest-ticket", url, user), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return got.StatusCode, string(body)
}
