package ticket

import "strings"

// shortHash is how many hex digits of a SHA-256 are shown. Tickets from before have no more of them.
const shortHash = 12

// ShortHash is a version of the form or the hash of a rule as people read it.
func ShortHash(hash string) string { return hash[:min(len(hash), shortHash)] }

// SameHash reports whether two hashes are of the same text; one of them may be short.
func SameHash(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return a == b || len(a) == shortHash && strings.HasPrefix(b, a)
}
