package postgres_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"docket/internal/testkit/testdb"
)

func TestUUID_RoundTrip(t *testing.T) {
	t.Parallel()
	pool := connect(t, testdb.New(t).Primary)
	sent := []uuid.UUID{uuid.New(), uuid.New()}
	var text string
	var one uuid.UUID
	var many []uuid.UUID
	var some, none *uuid.UUID
	err := pool.QueryRow(t.Context(), "SELECT $1::uuid::text, $1::uuid, $2::uuid[], $3::uuid, $4::uuid", sent[0], sent, &sent[1], (*uuid.UUID)(nil)).
		Scan(&text, &one, &many, &some, &none)
	if err != nil || text != sent[0].String() || one != sent[0] || !slices.Equal(many, sent) || *some != sent[1] || none != nil {
		t.Errorf("sent %s, got %q, %s, %s, %v, %v, %v", sent, text, one, many, some, none, err)
	}
	if err := pool.QueryRow(t.Context(), "SELECT NULL::uuid").Scan(&one); err == nil {
		t.Error("a uuid that is not there was read")
	}
}
