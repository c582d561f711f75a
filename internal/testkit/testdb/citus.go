package testdb

import (
	"os"
	"testing"

	"docket/db/migrations"
)

// CitusVariable is the address of a database of the coordinator of a Citus cluster. It is empty.
const CitusVariable = "DOCKET_TEST_CITUS_URL"

// Citus returns the database of CitusVariable, with the tables distributed over the workers. Without one it skips the test.
func Citus(t testing.TB) DB {
	t.Helper()
	db := CitusBefore(t)
	if err := migrations.Distribute(t.Context(), db.Primary); err != nil {
		t.Fatal(err)
	}
	return db
}

// CitusBefore is Citus, but leaves the tables on the coordinator unless they are distributed already.
func CitusBefore(t testing.TB) DB {
	t.Helper()
	address := os.Getenv(CitusVariable)
	if address == "" {
		t.Skip(CitusVariable + " is not set")
	}
	if err := migrations.Up(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	return DB{Primary: address, Direct: address}
}
