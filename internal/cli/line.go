package cli

import (
	"log/slog"
	"strconv"
	"time"
	"unicode/utf8"
)

// line appends what slog.JSONHandler would write of a record that is plain: texts that need no escape, whole numbers and
// such with up to three decimals. Of one that is not it says so, and has appended nothing of use.
func line(b []byte, r slog.Record) (_ []byte, plain bool) {
	b = append(b, `{"time":"`...)
	b = r.Time.AppendFormat(b, time.RFC3339Nano)
	b = append(b, `","level":"INFO"`...)
	plain = r.Level == slog.LevelInfo && !r.Time.IsZero()
	b, plain = member(b, slog.String(slog.MessageKey, r.Message), plain)
	r.Attrs(func(a slog.Attr) bool {
		b, plain = member(b, a, plain)
		return plain
	})
	return append(b, "}\n"...), plain
}

func member(b []byte, a slog.Attr, plain bool) ([]byte, bool) {
	b = append(append(append(b, `,"`...), a.Key...), `":`...)
	switch plain = plain && simple(a.Key); a.Value.Kind() {
	case slog.KindString:
		text := a.Value.String()
		return append(append(append(b, '"'), text...), '"'), plain && simple(text)
	case slog.KindInt64:
		return strconv.AppendInt(b, a.Value.Int64(), 10), plain
	case slog.KindFloat64:
		f := a.Value.Float64()
		return strconv.AppendFloat(b, f, 'f', -1, 64), plain && f >= 0.001 && f < 1e15 // in plain digits in JSON, too
	default:
		return b, false
	}
}

// simple reports whether a text stands in JSON as it is.
func simple(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= utf8.RuneSelf-1 || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}
