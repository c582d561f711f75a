// Package consistency notes what readers and writers of a docket saw, and finds what of it breaks a promise. The proof of
// internal/cache and the soak of internal/chaos use it; docs/consistency.md says what the promises are.
package consistency
