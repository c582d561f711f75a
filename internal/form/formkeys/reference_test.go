package formkeys_test

import (
	"bytes"
	"os"
	"testing"

	"docket/internal/form/formkeys"
)

func TestReference_IsCurrent(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../../docs/forms.md")
	if err != nil {
		t.Fatal(err)
	}
	updated, err := formkeys.UpdateReference(page)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(updated, page) {
		t.Error("docs/forms.md is not current: make generate")
	}
	if _, err := formkeys.UpdateReference([]byte("# Forms\n")); err == nil {
		t.Error("a page without marks was taken")
	}
}
