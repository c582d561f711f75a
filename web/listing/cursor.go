package listing

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"

	"github.com/google/uuid"

	"docket/internal/ticket"
	"docket/web/problem"
)

// Bytes of a cursor: milliseconds and id, or a number, then the start of an HMAC-SHA-256.
const cursorLength, numberLength, macLength = 24, 8, 12

// SignNumber writes a place that is a number as Sign does.
func (l *Lists) SignNumber(n int64, list ...string) string {
	return l.sign(binary.BigEndian.AppendUint64(nil, uint64(n)), list)
}

// ParseNumber reads what SignNumber wrote; empty text is zero. One that was changed, or is of another list, is problem.ErrCursor.
func (l *Lists) ParseNumber(text string, list ...string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	b, err := l.parse(text, numberLength, list)
	if err != nil {
		return 0, err
	}
	return int64(binary.BigEndian.Uint64(b)), nil
}

// Sign writes a place in a list as an opaque word that is good for this list alone.
func (l *Lists) Sign(c ticket.Cursor, list ...string) string {
	b := binary.BigEndian.AppendUint64(nil, uint64(c.At.UnixMilli()))
	return l.sign(append(b, c.ID[:]...), list)
}

// ParseCursor reads what Sign wrote; empty text is the beginning of the list. One that was changed, or is of another list,
// is problem.ErrCursor.
func (l *Lists) ParseCursor(text string, list ...string) (ticket.Cursor, error) {
	if text == "" {
		return ticket.Cursor{}, nil
	}
	b, err := l.parse(text, cursorLength, list)
	if err != nil {
		return ticket.Cursor{}, err
	}
	at := time.UnixMilli(int64(binary.BigEndian.Uint64(b)))
	return ticket.Cursor{At: at, ID: uuid.UUID(b[8:cursorLength])}, nil
}

func (l *Lists) sign(b []byte, list []string) string {
	return base64.RawURLEncoding.EncodeToString(append(b, l.mac(b, list)...))
}

// parse returns the bytes that were signed, of which there are so many.
func (l *Lists) parse(text string, length int, list []string) ([]byte, error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != length+macLength || !hmac.Equal(b[length:], l.mac(b[:length], list)) {
		return nil, problem.ErrCursor
	}
	return b[:length], nil
}

func (l *Lists) mac(b []byte, list []string) []byte {
	mac := hmac.New(sha256.New, l.Secret)
	mac.Write([]byte(strings.Join(list, "\x00")))
	mac.Write([]byte{0})
	mac.Write(b)
	return mac.Sum(nil)[:macLength]
}
