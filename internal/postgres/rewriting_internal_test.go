package postgres

import "testing"

func TestRewriteRefused(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]string{
		"SELECT 1 FROM t WHERE id = $1 FOR UPDATE SKIP LOCKED": "SELECT 1 FROM t WHERE id = $1 ",
		"SELECT 1 FROM t FOR KEY SHARE SKIP LOCKED":            "SELECT 1 FROM t ",
		"SELECT 1 FROM t FOR NO KEY UPDATE OF t":               "SELECT 1 FROM t ",
		"SELECT 1 FROM t LIMIT (SELECT $2::integer)":           "SELECT 1 FROM t LIMIT $2",
		"SELECT now_ms() FROM t LIMIT $1":                      "SELECT now_ms() FROM t LIMIT $1",
		"FROM unnest($3::text[]) AS m (name) CROSS JOIN LATERAL (\nSELECT 1 FROM p WHERE p.team = m.name LIMIT $1) h": "FROM (\nSELECT 1 FROM p WHERE p.team = ANY ($3::text[]) LIMIT $1) h",
	} {
		if got := rewriteRefused(sql); got != want {
			t.Errorf("%s\n is written %s\n want %s", sql, got, want)
		}
	}
}
