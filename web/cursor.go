package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"docket/internal/ticket"
)

// errCursor says that a cursor was changed, or belongs to another list.
var errCursor = errors.New("the cursor is not one of this list")

const cursorLength, cursorMark = 24, 12 // bytes: milliseconds and id, then the start of an HMAC-SHA-256

// sign writes a place in a list as an opaque word that is good for this list alone.
func (s *Server) sign(c ticket.Cursor, list ...string) string {
	b := binary.BigEndian.AppendUint64(nil, uint64(c.At.UnixMilli()))
	b = append(b, c.ID[:]...)
	return base64.RawURLEncoding.EncodeToString(append(b, s.mark(b, list)...))
}

// cursor reads what sign wrote; empty text is the beginning of the list.
func (s *Server) cursor(text string, list ...string) (ticket.Cursor, error) {
	if text == "" {
		return ticket.Cursor{}, nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != cursorLength+cursorMark {
		return ticket.Cursor{}, errCursor
	}
	if !hmac.Equal(b[cursorLength:], s.mark(b[:cursorLength], list)) {
		return ticket.Cursor{}, errCursor
	}
	at := time.UnixMilli(int64(binary.BigEndian.Uint64(b)))
	return ticket.Cursor{At: at, ID: uuid.UUID(b[8:cursorLength])}, nil
}

func (s *Server) mark(b []byte, list []string) []byte {
	mac := hmac.New(sha256.New, s.Secret)
	mac.Write([]byte(strings.Join(list, "\x00")))
	mac.Write([]byte{0})
	mac.Write(b)
	return mac.Sum(nil)[:cursorMark]
}
