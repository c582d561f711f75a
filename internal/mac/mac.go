// Package mac makes message authentication codes that the database checks: functions that let people in, or act for them, do nothing
// without one. The database role of docket serve cannot read their key, which is made of the session key.
package mac

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/google/uuid"

	"docket/internal/sessionkey"
)

// blockSize is how long the key of HMAC-SHA-256 is when it is used.
const blockSize = 64

// Key makes codes. Instances with the same session key have the same one.
type Key struct{ secret []byte }

// NewKey derives the key from a session key.
func NewKey(sessionKey []byte) Key {
	return Key{secret: sessionkey.Derive(sessionKey, "docket database")}
}

// Sum is the code for a purpose, which has no zero byte, and its parts; nil is null. It is HMAC-SHA-256 of what the function
// mac_message of the database makes of them.
func (k Key) Sum(purpose string, parts ...[]byte) []byte {
	hash := hmac.New(sha256.New, k.secret)
	hash.Write(joinParts(purpose, parts))
	return hash.Sum(nil)
}

// pads are the key as HMAC uses it inside and outside.
func (k Key) pads() (inner, outer []byte) {
	inner, outer = make([]byte, blockSize), make([]byte, blockSize)
	copy(inner, k.secret)
	copy(outer, k.secret)
	for i := range blockSize {
		inner[i] ^= 0x36
		outer[i] ^= 0x5c
	}
	return inner, outer
}

func joinParts(purpose string, parts [][]byte) []byte {
	m := append([]byte(purpose), 0)
	for _, part := range parts {
		if part == nil {
			m = append(m, 0xff, 0xff, 0xff, 0xff) // a length of -1
			continue
		}
		m = append(binary.BigEndian.AppendUint32(m, uint32(len(part))), part...)
	}
	return m
}

// Text is a part of a text.
func Text(text string) []byte { return []byte(text) }

// TextOrNull is a part of a text, or null.
func TextOrNull(text *string) []byte {
	if text == nil {
		return nil
	}
	return Text(*text)
}

// ID is a part of an id.
func ID(id uuid.UUID) []byte { return id[:] }

// Int is a part of a bigint.
func Int(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

// IntOrNull is a part of a bigint, or null.
func IntOrNull(n *int64) []byte {
	if n == nil {
		return nil
	}
	return Int(*n)
}

// List is one part of several.
func List(parts [][]byte) []byte { return joinParts("", parts) }

// Array is a part of an array of ids or numbers, as the database writes it.
func Array[E any](all []E) []byte {
	text := []byte("{")
	for i, each := range all {
		if i > 0 {
			text = append(text, ',')
		}
		text = fmt.Append(text, each)
	}
	return append(text, '}')
}

// Bool is a part of a boolean.
func Bool(b bool) []byte {
	if b {
		return []byte{1}
	}
	return []byte{0}
}
