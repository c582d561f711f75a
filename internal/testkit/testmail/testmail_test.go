package testmail_test

import (
	"testing"

	"docket/internal/testkit/testmail"
)

// TestStart_EndsAtOnce has tests end before their server has begun to serve.
func TestStart_EndsAtOnce(t *testing.T) {
	for range 200 {
		t.Run("", func(t *testing.T) { testmail.Start(t) })
	}
}
