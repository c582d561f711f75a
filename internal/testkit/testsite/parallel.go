package testsite

import (
	"flag"
	"runtime"
	"strconv"
	"testing"
)

// RunTests runs twice as many tests at a time as there are processors, unless -parallel says otherwise: half of the time of a test
// of a site nothing is computed. It returns the exit code.
func RunTests(m *testing.M) int {
	flag.Parse()
	const name = "test.parallel"
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == name })
	if !given {
		_ = flag.Set(name, strconv.Itoa(2*runtime.GOMAXPROCS(0))) // it is there, and a number
	}
	return m.Run()
}
