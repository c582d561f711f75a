// Package consistency records what concurrent clients read and wrote, and checks it against what docket promises in
// docs/consistency.md. The tests of internal/cache and the soak of internal/chaos use it.
package consistency
