package testdb

import (
	"errors"
	"os"
	"testing"

	"docket/db/migrations"
)

// CitusVariable is the address of a database of the coordinator of a Citus cluster. It is empty.
const CitusVariable = "DOCKET_TEST_CITUS_URL"

// Citus returns the database of CitusVariable, with the tables distributed over the workers. Without one it skips the test.
func Citus(t testing.TB) DB {
	t.Helper()
	address := os.Getenv(CitusVariable)
	if address == "" {
		t.Skip(CitusVariable + " is not set")
	}
	if err := errors.Join(migrations.Up(t.Context(), address), migrations.Distribute(t.Context(), address)); err != nil {
		t.Fatal(err)
	}
	return DB{Primary: address, Direct: address}
}
