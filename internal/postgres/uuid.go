package postgres

import (
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
)

// uuids sends and reads a uuid.UUID as the 16 bytes that it is. pgx would write it out as text and read that again, as it
// knows nothing of it but that it can do so: for a page of the queue as much work as the list of who holds what.
type uuids struct{ pgtype.UUIDCodec }

// bytesOf is both plans of pgx, to send and to read.
type bytesOf struct{}

func know(types *pgtype.Map) {
	one := &pgtype.Type{Name: "uuid", OID: pgtype.UUIDOID, Codec: uuids{}}
	types.RegisterType(one)
	types.RegisterType(&pgtype.Type{Name: "_uuid", OID: pgtype.UUIDArrayOID, Codec: &pgtype.ArrayCodec{ElementType: one}})
}

// PlanEncode implements pgtype.Codec.
func (u uuids) PlanEncode(m *pgtype.Map, oid uint32, format int16, value any) pgtype.EncodePlan {
	if _, ok := value.(uuid.UUID); ok && format == pgtype.BinaryFormatCode {
		return bytesOf{}
	}
	return u.UUIDCodec.PlanEncode(m, oid, format, value)
}

// PlanScan implements pgtype.Codec.
func (u uuids) PlanScan(m *pgtype.Map, oid uint32, format int16, target any) pgtype.ScanPlan {
	if _, ok := target.(*uuid.UUID); ok && format == pgtype.BinaryFormatCode {
		return bytesOf{}
	}
	return u.UUIDCodec.PlanScan(m, oid, format, target)
}

// Encode implements pgtype.EncodePlan.
func (bytesOf) Encode(value any, b []byte) ([]byte, error) {
	id := value.(uuid.UUID)
	return append(b, id[:]...), nil
}

// Scan implements pgtype.ScanPlan.
func (bytesOf) Scan(src []byte, target any) error {
	if len(src) != len(uuid.UUID{}) {
		return fmt.Errorf("a uuid has 16 bytes, not %d", len(src))
	}
	copy(target.(*uuid.UUID)[:], src)
	return nil
}
