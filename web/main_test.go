package web_test

import (
	"os"
	"testing"

	"docket/internal/testkit/testsite"
)

func TestMain(m *testing.M) { os.Exit(testsite.RunTests(m)) }
