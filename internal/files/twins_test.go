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

// sent is a file of a user that a ticket names, and that ticket.
func (d desk) sent(t *testing.T, user string, data []byte) (file files.File, named uuid.UUID) {
	t.Helper()
	file = d.kept(t, user, front, data)
	sent, err := d.submit(t, user, true, ticket.Files{"front": file.ID})
	if err != nil {
		t.Fatal(err)
	}
	return file, sent.ID
}

func (d desk) wantTwins(t *testing.T, of files.File, want ...files.Twin) {
	t.Helper()
	got, err := d.Twins(t.Context(), of.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got[of.ID], want) {
		t.Errorf("twins: got %v, want %v", got[of.ID], want)
	}
}

func TestTheSamePhotoOfAnotherUserIsFound(t *testing.T) {
	t.Parallel()
	d := open(t)
	again := testpicture.JPEG(testpicture.Front(testpicture.Anna, 900), 60) // smaller, and saved anew
	_, alike := d.sent(t, "bo", again)
	_, exact := d.sent(t, "cy", photo())
	d.sent(t, "di", testpicture.JPEG(testpicture.Front(testpicture.Bo, 1200), 85)) // another person's
	d.sent(t, "ann", again)                                                        // an earlier one of her own
	d.kept(t, "ed", front, photo())                                                // not sent yet
	file, _ := d.sent(t, "ann", photo())
	d.wantTwins(t, file, files.Twin{UserID: "cy", Ticket: exact, Exact: true}, files.Twin{UserID: "bo", Ticket: alike})
}

func TestADocumentOfAnotherUserIsFoundWhenItIsTheSame(t *testing.T) {
	t.Parallel()
	d := open(t)
	theirs := d.kept(t, "bo", deed, pdf)
	sent, err := d.submit(t, "bo", true, ticket.Files{"deed": theirs.ID})
	if err != nil {
		t.Fatal(err)
	}
	d.wantTwins(t, d.kept(t, "ann", deed, pdf), files.Twin{UserID: "bo", Ticket: sent.ID, Exact: true})
	d.wantTwins(t, d.kept(t, "ann", deed, append(slices.Clone(pdf), '\n')))
}

// flood adds pictures of other users that a ticket names, each with a hash that is made of another by an expression
// over i, from 1 on. They are older than all others.
func (d desk) flood(t *testing.T, n int, of files.File, named uuid.UUID, hash string) {
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

func TestUpToFourBitsAnywhereAreTheSamePhoto(t *testing.T) {
	t.Parallel()
	for name, flipped := range map[string]string{
		"one in each of the first four parts": "x'0000008004002001'::bigint",
		"one in each of the last four parts":  "x'8008004002000000'::bigint",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := open(t)
			_, named := d.sent(t, "bo", testpicture.JPEG(testpicture.Selfie(testpicture.Bo, 1000), 85))
			file, _ := d.sent(t, "ann", photo())
			d.flood(t, 1, file, named, "phash # "+flipped)
			d.wantTwins(t, file, files.Twin{UserID: "other 1", Ticket: named})
		})
	}
	d := open(t)
	_, named := d.sent(t, "bo", testpicture.JPEG(testpicture.Selfie(testpicture.Bo, 1000), 85))
	file, _ := d.sent(t, "ann", photo())
	d.flood(t, 1, file, named, "phash # 31")
	d.wantTwins(t, file) // five bits
}

func TestSoManyTwinsAreFoundAndNoMore(t *testing.T) {
	t.Parallel()
	d := open(t)
	_, named := d.sent(t, "bo", testpicture.JPEG(testpicture.Selfie(testpicture.Bo, 1000), 85))
	file, _ := d.sent(t, "ann", photo())
	d.flood(t, 30, file, named, "phash")
	got, err := d.Twins(t.Context(), file.ID)
	if err != nil || len(got[file.ID]) != files.TwinsMost || got[file.ID][0].UserID != "other 30" {
		t.Errorf("got %d twins %v (%v), want the %d newest", len(got[file.ID]), got[file.ID], err, files.TwinsMost)
	}
}

func TestOfMostThatResembleAPhotoOnlyTheNewestAreCompared(t *testing.T) {
	t.Parallel()
	d := open(t)
	_, named := d.sent(t, "bo", testpicture.JPEG(testpicture.Selfie(testpicture.Bo, 1000), 85))
	file, _ := d.sent(t, "ann", photo())
	d.flood(t, 600, file, named, "CASE WHEN i = 1 THEN phash # x'8000008004002000'::bigint ELSE phash # ~8191::bigint END")
	d.wantTwins(t, file) // the first shares the part that six hundred have, and is the oldest
	d.execute(t, "DELETE FROM files WHERE user_id IN (SELECT 'other ' || i FROM generate_series(2, 300) i)")
	d.wantTwins(t, file, files.Twin{UserID: "other 1", Ticket: named})
}
