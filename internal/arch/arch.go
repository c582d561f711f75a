// Package arch holds tests of the whole tree: who may import whom, how names are made, how large packages are, and that the
// docs name what is there.
package arch
