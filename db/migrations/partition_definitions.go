package migrations

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strings"
)

// definition is a statement that gives a copy of a table what the table has, and its kind: check, key, index, reference, other reference, trigger, grant,
// sequence, drop view or view.
type definition struct {
	kind, statement string
}

// readDefinitions reads what the tables have that a copy lacks, with user_id in their keys and references, in the order in which they are made.
func readDefinitions(ctx context.Context, tx *sql.Tx) (all []definition, err error) {
	rows, err := tx.QueryContext(ctx, readCatalog, "{"+joinNames(partitionedTable.tableName)+"}")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var order int
		var d definition
		if err := rows.Scan(&order, &d.kind, &d.statement); err != nil {
			return nil, err
		}
		switch d.kind {
		case "key":
			d.statement = putUser(d.statement, keyColumns)
		case "reference":
			d.statement = putUser(d.statement, referenceColumns)
		}
		all = append(all, d)
	}
	return all, rows.Err()
}

// The lists of columns of a key, and of a reference in its own table and in the other.
var (
	keyColumns       = regexp.MustCompile(`(?:PRIMARY KEY|UNIQUE|USING btree) \(([^()]*)\)`)
	referenceColumns = regexp.MustCompile(`FOREIGN KEY \(([^()]*)\) REFERENCES [a-z_.]+\(([^()]*)\)`)
	userColumn       = regexp.MustCompile(`\buser_id\b`)
)

// putUser adds user_id to each list of columns that does not have it.
func putUser(statement string, columns *regexp.Regexp) string {
	at := columns.FindStringSubmatchIndex(statement)
	for i := len(at) - 2; i >= 2; i -= 2 {
		if list := statement[at[i]:at[i+1]]; !userColumn.MatchString(list) {
			statement = statement[:at[i]] + list + ", user_id" + statement[at[i+1]:]
		}
	}
	return statement
}

var (
	addedIndex      = regexp.MustCompile(`^(CREATE (?:UNIQUE )?INDEX )(\S+)( ON )(\S+)( .*)$`)
	addedConstraint = regexp.MustCompile(`(?s)^(ALTER TABLE )(\S+)( ADD CONSTRAINT )(\S+)( .*)$`)
)

// aside is the statement of a check, a key or an index for the table that is divided, and the name of its index: empty for a check. The indexes of a schema
// have one namespace.
func (d definition) aside() (statement, index string) {
	if at := addedIndex.FindStringSubmatch(d.statement); at != nil {
		return at[1] + at[2] + "_divided" + at[3] + at[4] + "_divided" + at[5], at[2]
	}
	at := addedConstraint.FindStringSubmatch(d.statement)
	if d.kind == "check" {
		return at[1] + at[2] + "_divided" + at[3] + at[4] + at[5], ""
	}
	return at[1] + at[2] + "_divided" + at[3] + at[4] + "_divided" + at[5], at[4]
}

// reference is a foreign key of a table that is divided.
type reference struct {
	table, name, rule string
}

var referred = regexp.MustCompile(`REFERENCES ([a-z_]+\.)?([a-z_]+)`)

// newReference reads the foreign key from its definition. Until the tables take their places it is checked at the end of a transaction: the rows of a
// statement are carried over in any order.
func newReference(d definition) reference {
	at := addedConstraint.FindStringSubmatch(d.statement)
	rule := strings.TrimSuffix(at[5], " NOT VALID")
	if d.kind == "reference" {
		rule = referred.ReplaceAllString(rule, "REFERENCES ${1}${2}_divided")
	}
	return reference{table: at[2], name: at[4], rule: rule + " DEFERRABLE INITIALLY DEFERRED"}
}

func (r reference) add(table string) string {
	return fmt.Sprintf("ALTER TABLE %s ADD CONSTRAINT %s%s", table, r.name, r.rule)
}
