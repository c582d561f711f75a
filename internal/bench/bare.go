package main

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// statement is one that docket has sent.
type statement struct {
	text string
	args []any
}

// recorder is a pgx.QueryTracer that notes statements.
type recorder struct{ statements []statement }

// TraceQueryStart implements pgx.QueryTracer.
func (r *recorder) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	r.statements = append(r.statements, statement{data.SQL, data.Args})
	return ctx
}

// TraceQueryEnd implements pgx.QueryTracer.
func (*recorder) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// recordStatements returns what a read sends, once its connection is there.
func (read deskRead) recordStatements(ctx context.Context, d *desk, r *recorder) ([]statement, error) {
	if err := read.run(ctx, d); err != nil {
		return nil, err
	}
	r.statements = nil
	err := read.run(ctx, d)
	return r.statements, err
}

// runStatements sends statements by pgx alone, one after the other, and reads their rows.
func runStatements(ctx context.Context, conn *pgx.Conn, statements []statement) error {
	for _, s := range statements {
		rows, err := conn.Query(ctx, s.text, s.args...)
		if err != nil {
			return err
		}
		if err := scanAll(rows); err != nil {
			return err
		}
	}
	return nil
}

// scanAll scans rows into variables of the types that their columns have.
func scanAll(rows pgx.Rows) error {
	defer rows.Close()
	var variables []any
	for rows.Next() {
		if variables == nil {
			for _, column := range rows.FieldDescriptions() {
				variables = append(variables, variableOf(column.DataTypeOID))
			}
		}
		if err := rows.Scan(variables...); err != nil {
			return err
		}
	}
	return rows.Err()
}

func variableOf(oid uint32) any {
	switch oid {
	case pgtype.UUIDOID:
		return new(pgtype.UUID)
	case pgtype.Int8OID, pgtype.Int4OID, pgtype.Int2OID:
		return new(pgtype.Int8)
	case pgtype.TextOID:
		return new(pgtype.Text)
	case pgtype.BoolOID:
		return new(pgtype.Bool)
	case pgtype.JSONBOID, pgtype.ByteaOID:
		return new([]byte)
	}
	return new(any)
}
