package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// rows writes PostgreSQL's binary COPY format by hand: ten million rows through values of any type cost as much as the
// database does. The first error is kept by the writer below.
type rows struct {
	to    *bufio.Writer
	small [8]byte
}

// load copies rows into a table, as many as write writes. They are frozen, as the table is new in this transaction.
func load(ctx context.Context, tx pgx.Tx, table, columns string, write func(*rows)) (int64, error) {
	in, out := io.Pipe()
	written := make(chan error, 1)
	go func() {
		r := &rows{to: bufio.NewWriterSize(out, 256<<10)}
		_, _ = r.to.WriteString("PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00")
		write(r)
		_ = binary.Write(r.to, binary.BigEndian, int16(-1)) // Flush returns the error of any write before it
		err := r.to.Flush()
		written <- errors.Join(err, out.Close())
	}()
	tag, err := tx.Conn().PgConn().CopyFrom(ctx, in, fmt.Sprintf("COPY %s (%s) FROM STDIN (FORMAT binary, FREEZE)", table, columns))
	in.CloseWithError(errors.Join(err, io.ErrClosedPipe)) // whoever still writes ends, too
	werr := <-written
	if err != nil {
		return 0, fmt.Errorf("copy into %s: %w", table, err)
	}
	return tag.RowsAffected(), werr
}

func (r *rows) row(columns int16) {
	binary.BigEndian.PutUint16(r.small[:], uint16(columns))
	_, _ = r.to.Write(r.small[:2])
}

func (r *rows) length(n int32) {
	binary.BigEndian.PutUint32(r.small[:], uint32(n))
	_, _ = r.to.Write(r.small[:4])
}

func (r *rows) null() { r.length(-1) }

func (r *rows) text(s string) {
	r.length(int32(len(s)))
	_, _ = r.to.WriteString(s)
}

func (r *rows) json(b []byte) {
	r.length(int32(len(b) + 1))
	_ = r.to.WriteByte(1) // the version of jsonb on the wire
	_, _ = r.to.Write(b)
}

func (r *rows) uuid(id uuid.UUID) {
	r.length(16)
	_, _ = r.to.Write(id[:])
}

func (r *rows) number(n int64) {
	r.length(8)
	binary.BigEndian.PutUint64(r.small[:], uint64(n))
	_, _ = r.to.Write(r.small[:])
}

func (r *rows) yes() {
	r.length(1)
	_ = r.to.WriteByte(1)
}
