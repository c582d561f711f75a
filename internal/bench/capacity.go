package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"docket/internal/testkit/testpicture"
)

// measureCapacity measures what a ticket takes: bytes on disk by table, bytes of the write-ahead log, bytes of a photo; and the memory of an
// instance at rest.
func (b *bench) measureCapacity(ctx context.Context) error {
	for _, part := range []func(context.Context) error{b.measureTables, b.measureLog, b.measureStoredPhoto, b.measureRest} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return nil
}

// measureTables measures the tables that grow with tickets, in the large database.
func (b *bench) measureTables(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, b.large)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	rows, err := conn.Query(ctx, `SELECT c.relname::text, pg_table_size(c.oid)::float8 / n.tickets, pg_indexes_size(c.oid)::float8 / n.tickets
		FROM pg_class c CROSS JOIN (SELECT count(*) AS tickets FROM tickets) n
		WHERE c.relname IN ('tickets', 'ticket_events', 'ticket_words', 'user_tickets') AND c.relnamespace = current_schema()::regnamespace ORDER BY 2 DESC`)
	if err != nil {
		return err
	}
	var table string
	var own, indexes, total float64
	_, err = pgx.ForEachRow(rows, []any{&table, &own, &indexes}, func() error {
		total += own + indexes
		b.capacity = append(b.capacity, figure{"bytes of `" + table + "` for each ticket", fmt.Sprintf("%.0f and %.0f of indexes", own, indexes), ""})
		return nil
	})
	b.capacity = append(b.capacity, figure{"bytes of all four for each ticket", fmt.Sprintf("%.0f", total), ""})
	return err
}

// measureLog measures how much each write adds to the write-ahead log. That includes whole pages, which are written once after each
// checkpoint.
func (b *bench) measureLog(ctx context.Context) error {
	floor, err := b.startLimits(ctx, "", b.large, b.work)
	if err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, b.work)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	logged := func(run func(context.Context) (sample, error)) (perOp float64, err error) {
		var before string
		if err := conn.QueryRow(ctx, "SELECT pg_current_wal_insert_lsn()::text").Scan(&before); err != nil {
			return 0, err
		}
		done, err := run(ctx)
		if err != nil {
			return 0, err
		}
		err = conn.QueryRow(ctx, "SELECT (pg_current_wal_insert_lsn() - $1::text::pg_lsn)::float8", before).Scan(&perOp)
		return perOp / float64(done.Ops), err
	}
	submitted, err := logged(loopLoad(floor.url, "submit", b.duration.Milliseconds()))
	if err != nil {
		return err
	}
	if _, err := loopLoad(floor.url, "wait", b.decisions)(ctx); err != nil {
		return err
	}
	decided, err := logged(loopLoad(floor.url, "decide", b.decisions))
	b.capacity = append(b.capacity,
		figure{"bytes of the write-ahead log for each submission", fmt.Sprintf("%.0f", submitted), ""},
		figure{"bytes of the write-ahead log for each decision", fmt.Sprintf("%.0f", decided), ""})
	return errors.Join(err, floor.stop())
}

// measureStoredPhoto measures what is stored of a photo as a browser sends it: at most 2,000 pixels.
func (b *bench) measureStoredPhoto(ctx context.Context) error {
	form := filepath.Join(b.dir, "photos.yaml")
	if err := os.WriteFile(form, []byte(photoForm), 0o600); err != nil {
		return err
	}
	folder, err := os.MkdirTemp(b.dir, "files-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	docket, err := b.startDocket(ctx, b.work, "--form", form, "--files-url", "file://"+folder)
	if err != nil {
		return err
	}
	photo := testpicture.JPEG(testpicture.Front(testpicture.Anna, 2000), 85)
	if err := b.uploadPhoto(ctx, docket.url, "capacity", photo); err != nil {
		return err
	}
	sizes, err := sizesIn(folder)
	if err != nil || len(sizes) == 0 {
		return errors.Join(err, fmt.Errorf("%d files of a photo", len(sizes)))
	}
	total := int64(0)
	for _, size := range sizes[1:] {
		total += size
	}
	b.capacity = append(b.capacity, figure{
		fmt.Sprintf("bytes of a photo of 2,000 pixels, sent with %d KB", len(photo)/1000),
		fmt.Sprintf("%d KB, and %d KB in %d previews", sizes[0]/1000, total/1000, len(sizes)-1), "",
	})
	return docket.stop()
}

// sizesIn are the sizes of all files in a folder, the largest first.
func sizesIn(folder string) (sizes []int64, err error) {
	err = filepath.WalkDir(folder, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			sizes = append(sizes, info.Size())
		}
		return err
	})
	slices.SortFunc(sizes, func(a, b int64) int { return cmp.Compare(b, a) })
	return sizes, err
}

// measureRest measures the memory of an instance that answers nobody: its own, and the pages of the program that are in use, which
// instances on one machine share.
func (b *bench) measureRest(ctx context.Context) error {
	docket, err := b.startDocket(ctx, b.large)
	if err != nil {
		return err
	}
	if err := b.readSomething(docket.url); err != nil {
		return err
	}
	b.capacity = append(b.capacity, figure{"memory of an instance at rest", fmt.Sprintf("%.0f MiB of its own and %.0f MiB of the program",
		float64(memoryOf(docket.pid(), "RssAnon"))/mebi, float64(memoryOf(docket.pid(), "RssFile"))/mebi), ""})
	return docket.stop()
}

func (b *bench) readSomething(docket string) error {
	w, err := dialServer(docket)
	if err != nil {
		return err
	}
	return w.do(b.lookupRequest(b.users[0]), 200)
}

// formatCapacity is how often one processor does each work in a second, and what it takes, in Markdown.
func (b *bench) formatCapacity() string {
	var t strings.Builder
	t.WriteString("\nWhat a processor does in a second, with its part of PostgreSQL, and what each takes: [capacity](operations/capacity.md) says what follows.\n\n| | |\n|---|--:|\n")
	for _, r := range b.results {
		if strings.HasPrefix(r.work, "latest") || strings.HasPrefix(r.work, "submit") || strings.HasPrefix(r.work, "decide") {
			fmt.Fprintf(&t, "| %s, a second and processor | %.0f |\n", r.work, 1e6/r.perOp)
		}
	}
	for _, f := range b.capacity {
		fmt.Fprintf(&t, "| %s | %s |\n", f.name, f.value)
	}
	return t.String()
}
