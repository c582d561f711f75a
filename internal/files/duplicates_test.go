package files_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/internal/files"
	"docket/internal/testkit/testpicture"
	"docket/internal/ticket"
)

// submitFile adds a file of a user that a ticket names, and that ticket.
func (d desk) submitFile(t *testing.T, user string, data []byte) (file files.File, named uuid.UUID) {
	t.Helper()
	file = d.add(t, user, front, data)
	sent, err := d.submit(t, user, true, ticket.Files{"front": {file.ID}})
	if err != nil {
		t.Fatal(err)
	}
	return file, sent.ID
}

func (d desk) wantDuplicates(t *testing.T, of files.File, want ...files.Duplicate) {
	t.Helper()
	got, err := d.Duplicates(t.Context(), of.ID)
	if err != nil {
		t.Fatal(err)
	}
	for i, duplicate := range got[of.ID] {
		if file, err := d.Get(t.Context(), duplicate.File); err != nil || file.UserID != duplicate.UserID {
			t.Errorf("the file of duplicate %d: %+v, %v", i, file, err)
		}
		got[of.ID][i].File = uuid.Nil
	}
	if !slices.Equal(got[of.ID], want) {
		t.Errorf("duplicates: got %v, want %v", got[of.ID], want)
	}
}

func TestDuplicates_SamePhotoOfAnotherUser(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	again := testpicture.JPEG(testpicture.Front(testpicture.Anna, 900), 60) // smaller, and saved anew
	_, alike := d.submitFile(t, "bo", again)
	_, exact := d.submitFile(t, "cy", photo())
	d.submitFile(t, "di", testpicture.JPEG(testpicture.Front(testpicture.Bo, 1200), 85)) // another person's
	d.submitFile(t, "ann", again)                                                        // an earlier one of her own
	d.add(t, "ed", front, photo())                                                       // not sent yet
	file, _ := d.submitFile(t, "ann", photo())
	d.wantDuplicates(t, file, files.Duplicate{UserID: "cy", Ticket: exact, Exact: true}, files.Duplicate{UserID: "bo", Ticket: alike})
}

func TestDuplicates_SameDocumentOfAnotherUser(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	theirs := d.add(t, "bo", deed, pdf)
	sent, err := d.submit(t, "bo", true, ticket.Files{"deed": {theirs.ID}})
	if err != nil {
		t.Fatal(err)
	}
	d.wantDuplicates(t, d.add(t, "ann", deed, pdf), files.Duplicate{UserID: "bo", Ticket: sent.ID, Exact: true})
	d.wantDuplicates(t, d.add(t, "ann", deed, append(slices.Clone(pdf), '\n')))
}

// addDuplicates adds pictures of other users that a ticket names, each with a hash that is made of another by an expression
// over i, from 1 on. They are older than all others.
func (d desk) addDuplicates(t *testing.T, n int, of files.File, named uuid.UUID, hash string) {
	t.Helper()
	err := pgx.BeginFunc(t.Context(), d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), "SET LOCAL session_replication_role = replica"); err != nil { // the ticket is not theirs
			return err
		}
		_, err := tx.Exec(t.Context(), `INSERT INTO files (id, user_id, field, state, blob, media_type, size, sha256, phash, uploaded_by, ticket_id)
		SELECT ('00000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, 'other ' || i, 'front', 'kept', 'blob ' || gen_random_uuid(), 'image/jpeg', 1,
			sha256(i::text::bytea), `+hash+`, 'user:x', $2
		FROM generate_series(1, $3::bigint) i, files f WHERE f.id = $1`, of.ID, named, n)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestDuplicates_UpToFourBits(t *testing.T) {
	t.Parallel()
	for name, flipped := range map[string]string{
		"one in each of the first four parts": "x'0000008004002001'::bigint",
		"one in each of the last four parts":  "x'8008004002000000'::bigint",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := openDesk(t)
			_, named := d.submitFile(t, "bo", testpicture.JPEG(testpicture.Selfie(testpicture.Bo, 1000), 85))
			file, _ := d.submitFile(t, "ann", photo())
			d.addDuplicates(t, 1, file, named, "phash # "+flipped)
			d.wantDuplicates(t, file, files.Duplicate{UserID: "other 1", Ticket: named})
		})
	}
	d := openDesk(t)
	_, named := d.submitFile(t, "bo", testpicture.JPEG(testpicture.Selfie(testpicture.Bo, 1000), 85))
	file, _ := d.submitFile(t, "ann", photo())
	d.addDuplicates(t, 1, file, named, "phash # 31")
	d.wantDuplicates(t, file) // five bits
}

func TestDuplicates_AtMostTen(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	_, named := d.submitFile(t, "bo", testpicture.JPEG(testpicture.Selfie(testpicture.Bo, 1000), 85))
	file, _ := d.submitFile(t, "ann", photo())
	d.addDuplicates(t, 30, file, named, "phash")
	got, err := d.Duplicates(t.Context(), file.ID)
	if err != nil || len(got[file.ID]) != files.MaxDuplicates || got[file.ID][0].UserID != "other 30" {
		t.Errorf("got %d duplicates %v (%v), want the %d newest", len(got[file.ID]), got[file.ID], err, files.MaxDuplicates)
	}
}

func TestDuplicates_OnlyTheNewestAreCompared(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	_, named := d.submitFile(t, "bo", testpicture.JPEG(testpicture.Selfie(testpicture.Bo, 1000), 85))
	file, _ := d.submitFile(t, "ann", photo())
	d.addDuplicates(t, 600, file, named, "CASE WHEN i = 1 THEN phash # x'8000008004002000'::bigint ELSE phash # ~8191::bigint END")
	d.wantDuplicates(t, file) // the first shares the part that six hundred have, and is the oldest
	d.execute(t, "DELETE FROM files WHERE user_id IN (SELECT 'other ' || i FROM generate_series(2, 300) i)")
	d.wantDuplicates(t, file, files.Duplicate{UserID: "other 1", Ticket: named})
}
