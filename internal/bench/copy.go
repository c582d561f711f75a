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

// rowWriter writes PostgreSQL's binary COPY format by hand: for ten million rows, values of type any cost as much
// as the database. The first error is kept by the writer below.
type rowWriter struct {
	to    *bufio.Writer
	small [8]byte
}

// copyRows copies into a table the rows that write writes. FREEZE is allowed as the table is new in this transaction.
func copyRows(ctx context.Context, tx pgx.Tx, table, columns string, write func(*rowWriter)) (int64, error) {
	in, out := io.Pipe()
	written := make(chan error, 1)
	go func() {
		r := &rowWriter{to: bufio.NewWriterSize(out, 256<<10)}
		_, _ = r.to.WriteString("PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00")
		write(r)
		_ = binary.Write(r.to, binary.BigEndian, int16(-1)) // Flush returns the error of any write before it
		err := r.to.Flush()
		written <- errors.Join(err, out.Close())
	}()
	tag, err := tx.Conn().PgConn().CopyFrom(ctx, in, fmt.Sprintf("COPY %s (%s) FROM STDIN (FORMAT binary, FREEZE)", table, columns))
	in.CloseWithError(errors.Join(err, io.ErrClosedPipe)) // a blocked write ends, too
	werr := <-written
	if err != nil {
		return 0, fmt.Errorf("copy into %s: %w", table, err)
	}
	return tag.RowsAffected(), werr
}

func (r *rowWriter) beginRow(columns int16) {
	binary.BigEndian.PutUint16(r.small[:], uint16(columns))
	_, _ = r.to.Write(r.small[:2])
}

func (r *rowWriter) length(n int32) {
	binary.BigEndian.PutUint32(r.small[:], uint32(n))
	_, _ = r.to.Write(r.small[:4])
}

func (r *rowWriter) null() { r.length(-1) }

func (r *rowWriter) text(s string) {
	r.length(int32(len(s)))
	_, _ = r.to.WriteString(s)
}

func (r *rowWriter) json(b []byte) {
	r.length(int32(len(b) + 1))
	_ = r.to.WriteByte(1) // the version of jsonb on the wire
	_, _ = r.to.Write(b)
}

func (r *rowWriter) uuid(id uuid.UUID) {
	r.length(16)
	_, _ = r.to.Write(id[:])
}

func (r *rowWriter) number(n int64) {
	r.length(8)
	binary.BigEndian.PutUint64(r.small[:], uint64(n))
	_, _ = r.to.Write(r.small[:])
}

func (r *rowWriter) yes() {
	r.length(1)
	_ = r.to.WriteByte(1)
}
