package postgres

import (
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
)

// uuidCodec sends and reads a uuid.UUID as its 16 bytes. pgx alone would convert it to text and back: for a page of the
// queue as much work as the query of its claims.
type uuidCodec struct{ pgtype.UUIDCodec }

// uuidPlan is both plans of pgx, to encode and to scan.
type uuidPlan struct{}

func registerUUID(types *pgtype.Map) {
	uuidType := &pgtype.Type{Name: "uuid", OID: pgtype.UUIDOID, Codec: uuidCodec{}}
	types.RegisterType(uuidType)
	types.RegisterType(&pgtype.Type{Name: "_uuid", OID: pgtype.UUIDArrayOID, Codec: &pgtype.ArrayCodec{ElementType: uuidType}})
}

// PlanEncode implements pgtype.Codec.
func (u uuidCodec) PlanEncode(m *pgtype.Map, oid uint32, format int16, value any) pgtype.EncodePlan {
	if _, ok := value.(uuid.UUID); ok && format == pgtype.BinaryFormatCode {
		return uuidPlan{}
	}
	return u.UUIDCodec.PlanEncode(m, oid, format, value)
}

// PlanScan implements pgtype.Codec.
func (u uuidCodec) PlanScan(m *pgtype.Map, oid uint32, format int16, target any) pgtype.ScanPlan {
	if _, ok := target.(*uuid.UUID); ok && format == pgtype.BinaryFormatCode {
		return uuidPlan{}
	}
	return u.UUIDCodec.PlanScan(m, oid, format, target)
}

// Encode implements pgtype.EncodePlan.
func (uuidPlan) Encode(value any, b []byte) ([]byte, error) {
	id := value.(uuid.UUID)
	return append(b, id[:]...), nil
}

// Scan implements pgtype.ScanPlan.
func (uuidPlan) Scan(src []byte, target any) error {
	if len(src) != len(uuid.UUID{}) {
		return fmt.Errorf("a uuid has 16 bytes, not %d", len(src))
	}
	copy(target.(*uuid.UUID)[:], src)
	return nil
}
