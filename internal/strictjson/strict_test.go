package strictjson_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"docket/internal/strictjson"
	"docket/internal/testkit/testdb"
)

func nestedLists(levels int) string { return strings.Repeat("[", levels) + strings.Repeat("]", levels) }

// good is accepted.
var good = []string{
	`{}`, `[]`, `""`, `0`, `-0`, `null`, `true`, `false`, " \t\r\n{\"a\" : [ 1 , {\"b\":null} ] }\n",
	`{"a":1,"A":2,"\u00e4":3}`, `"\"\\\/\b\f\n\r\t\u00e9"`, `"\ud83d\ude00 😀"`, `"\uFFFF"`,
	`1e308`, `-1.5E+10`, `1e-300`, `0e-308`, `0.1`, `12345678901234567890`, nestedLists(32),
	"1" + strings.Repeat("0", 308), "0." + strings.Repeat("0", 300) + "1",
}

// bad is refused, at the byte at.
var bad = []struct {
	text string
	at   int
	says string
}{
	{``, 0, "ends"},
	{`  `, 2, "ends"},
	{"\ufeff{}", 0, "no value"},
	{`{"a":1,"b":2,"a":3}`, 13, "second time"},
	{`{"a":1,"\u0061":3}`, 7, "second time"},
	{`{"x":[{"a":1,"a":2}]}`, 13, "second time"},
	{`{} {}`, 3, "nothing may follow"},
	{`{}x`, 2, "nothing may follow"},
	{"{}\x00", 2, "nothing may follow"},
	{`01`, 1, "nothing may follow"},
	{`NaN`, 0, "no value"},
	{`[Infinity]`, 1, "no value"},
	{`-Infinity`, 1, "digit"},
	{`[+1]`, 1, "no value"},
	{`[.5]`, 1, "no value"},
	{`[5.]`, 3, "digit"},
	{`[1e]`, 3, "digit"},
	{`[1e309]`, 1, "64-bit"},
	{`[-1e309]`, 1, "64-bit"},
	{`[1e99999]`, 1, "64-bit"},
	{`[1e-99999]`, 1, "64-bit"},
	{`[0e99999]`, 1, "64-bit"},
	{`[0e-309]`, 1, "64-bit"},
	{`[10e308]`, 1, "64-bit"},
	{`[0.1e-308]`, 1, "64-bit"},
	{`[1e999999999999999999999]`, 1, "64-bit"},
	{`[0.` + strings.Repeat("0", 350) + `1]`, 1, "64-bit"},
	{`[0.` + strings.Repeat("1", 400) + `]`, 1, "64-bit"},
	{nestedLists(33), 32, "32"},
	{strings.Repeat("[", 60_000), 32, "32"},
	{strings.Repeat(`{"a":`, 33), 160, "32"},
	{`"a\u0000b"`, 2, "NUL"},
	{"\"a\x00b\"", 2, "control"},
	{"\"a\nb\"", 2, "control"},
	{`"\ud800"`, 1, "surrogate"},
	{`"\udc00\ud800"`, 1, "surrogate"},
	{`"\ud800\ud800"`, 1, "surrogate"},
	{`"\ud800x"`, 1, "surrogate"},
	{`{"\ud800":1}`, 2, "surrogate"},
	{"\"a\xff\"", 2, "UTF-8"},
	{"\"\xed\xa0\x80\"", 1, "UTF-8"},
	{"{\"\xc0\x80\":1}", 2, "UTF-8"},
	{`"\x41"`, 1, "escape"},
	{`"\u12"`, 1, "escape"},
	{`"\u+123"`, 1, "escape"},
	{`"\`, 1, "escape"},
	{`"a`, 2, "ends"},
	{`{'a':1}`, 1, "double quotes"},
	{`{a:1}`, 1, "double quotes"},
	{`{"a" 1}`, 5, "colon"},
	{`{"a":}`, 5, "no value"},
	{`{"a":1,}`, 7, "double quotes"},
	{`[1,]`, 3, "no value"},
	{`[1 2]`, 3, "comma"},
	{`{"a":1`, 6, "comma"},
	{`[1}`, 2, "comma"},
	{`{"a":1]`, 6, "comma"},
	{`nul`, 0, "no value"},
	{`True`, 0, "no value"},
	{"[1] // no", 4, "nothing may follow"},
}

func TestParse_Valid(t *testing.T) {
	t.Parallel()
	for _, text := range good {
		if err := strictjson.Check([]byte(text)); err != nil {
			t.Errorf("%.60s: %v", text, err)
		}
	}
}

func TestParse_ErrorOffsets(t *testing.T) {
	t.Parallel()
	for _, test := range bad {
		err := strictjson.Check([]byte(test.text))
		refused, ok := errors.AsType[*strictjson.Error](err)
		if !ok || refused.Offset != test.at || !strings.Contains(refused.Problem, test.says) {
			t.Errorf("%.60q: got %v, want %q at byte %d", test.text, err, test.says, test.at)
		}
	}
}

func TestParse_RepeatedNameInLongObject(t *testing.T) {
	t.Parallel()
	text := "{"
	for n := range 100 {
		text += fmt.Sprintf(`"%d":%d,`, n, n)
	}
	for _, again := range []int{0, 23, 24, 25, 99} {
		err := strictjson.Check(fmt.Appendf(nil, `%s"%d":0}`, text, again))
		if refused, ok := errors.AsType[*strictjson.Error](err); !ok || refused.Offset != len(text) {
			t.Errorf("%d again: %v", again, err)
		}
	}
	if members, err := strictjson.Object([]byte(text + `"100":100}`)); err != nil || len(members) != 101 {
		t.Errorf("%d members, %v", len(members), err)
	}
}

func TestObject_Members(t *testing.T) {
	t.Parallel()
	got, err := strictjson.Object([]byte(` { "a" : [1, 2] , "\u0062":{} }`), "a", "b", "c")
	want := []strictjson.Member{{Name: "a", At: 3, Value: []byte("[1, 2]"), ValueAt: 9}, {Name: "b", At: 18, Value: []byte("{}"), ValueAt: 27}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	for text, at := range map[string]int{` [{}]`: 1, `null`: 0, `{"x":1,"USER":2}`: 7, `{"uſer":2}`: 1, `{"a":1`: 6} {
		_, err := strictjson.Object([]byte(text), "user")
		if refused, ok := errors.AsType[*strictjson.Error](err); !ok || refused.Offset != at {
			t.Errorf("%s: got %v, want an error at byte %d", text, err, at)
		}
	}
}

func TestObject_Nested(t *testing.T) {
	t.Parallel()
	outer, err := strictjson.Object([]byte(`{"a": {"b": 1}}`))
	if err != nil {
		t.Fatal(err)
	}
	got, err := outer[0].Object("b")
	want := []strictjson.Member{{Name: "b", At: 7, Value: []byte("1"), ValueAt: 12}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	_, err = outer[0].Object("B")
	if refused, ok := errors.AsType[*strictjson.Error](err); !ok || refused.Offset != 7 {
		t.Errorf("another case: got %v, want an error at byte 7", err)
	}
}

func TestParse_StoredByPostgreSQL(t *testing.T) {
	t.Parallel()
	conn, err := pgx.Connect(t.Context(), testdb.New(t).Primary)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for _, text := range good {
		var kept string
		if err := conn.QueryRow(t.Context(), "SELECT $1::text::jsonb::text", text).Scan(&kept); err != nil {
			t.Errorf("%.60s: %v", text, err)
			continue
		}
		if got, want := unmarshal(t, []byte(kept)), unmarshal(t, []byte(text)); !reflect.DeepEqual(got, want) {
			t.Errorf("%.60s is kept as %.60s", text, kept)
		}
		if len(kept) > len(text)+2*400 {
			t.Errorf("%.60s, %d bytes, is kept as %d bytes", text, len(text), len(kept))
		}
	}
}

func FuzzObject(f *testing.F) {
	for _, text := range good {
		f.Add([]byte(text))
	}
	for _, test := range bad {
		f.Add([]byte(test.text))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		given := slices.Clone(b)
		err := strictjson.Check(b)
		if !bytes.Equal(given, b) {
			t.Fatal("the text was changed")
		}
		if refused, ok := errors.AsType[*strictjson.Error](err); err != nil && (!ok || refused.Offset < 0 || refused.Offset > len(b)) {
			t.Fatalf("%q: %v", b, err)
		}
		if err != nil {
			return
		}
		first := unmarshal(t, b)
		again, err := json.Marshal(first)
		if err != nil || strictjson.Check(again) != nil || !reflect.DeepEqual(unmarshal(t, again), first) {
			t.Fatalf("%q became %q: %v", b, again, err)
		}
		members, err := strictjson.Object(b)
		if object, ok := first.(map[string]any); ok != (err == nil) || len(object) != len(members) {
			t.Fatalf("%q: %d members, %v", b, len(members), err)
		}
	})
}

// unmarshal reads a text with encoding/json.
func unmarshal(t *testing.T, b []byte) any {
	t.Helper()
	var value any
	if err := json.Unmarshal(b, &value); err != nil {
		t.Fatalf("encoding/json refuses %q: %v", b, err)
	}
	return value
}
