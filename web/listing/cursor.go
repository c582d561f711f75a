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

const cursorLength, macLength = 24, 12 // bytes: milliseconds and id, then the start of an HMAC-SHA-256

// Sign writes a place in a list as an opaque word that is good for this list alone.
func (l *Lists) Sign(c ticket.Cursor, list ...string) string {
	b := binary.BigEndian.AppendUint64(nil, uint64(c.At.UnixMilli()))
	b = append(b, c.ID[:]...)
	return base64.RawURLEncoding.EncodeToString(append(b, l.mac(b, list)...))
}

// ParseCursor reads what Sign wrote; empty text is the beginning of the list. One that was changed, or is of another list,
// is problem.ErrCursor.
func (l *Lists) ParseCursor(text string, list ...string) (ticket.Cursor, error) {
	if text == "" {
		return ticket.Cursor{}, nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != cursorLength+macLength {
		return ticket.Cursor{}, problem.ErrCursor
	}
	if !hmac.Equal(b[cursorLength:], l.mac(b[:cursorLength], list)) {
		return ticket.Cursor{}, problem.ErrCursor
	}
	at := time.UnixMilli(int64(binary.BigEndian.Uint64(b)))
	return ticket.Cursor{At: at, ID: uuid.UUID(b[8:cursorLength])}, nil
}

func (l *Lists) mac(b []byte, list []string) []byte {
	mac := hmac.New(sha256.New, l.Secret)
	mac.Write([]byte(strings.Join(list, "\x00")))
	mac.Write([]byte{0})
	mac.Write(b)
	return mac.Sum(nil)[:macLength]
}
