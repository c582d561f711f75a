// Package arch is the floor plan, as a test: who may import whom.
package arch
